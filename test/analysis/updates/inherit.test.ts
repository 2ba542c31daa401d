import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedEnv, ownersConfig } from "../../../src/analysis/updates/inherit.ts";
import { container, image } from "../support/containers.ts";
import { engineMerge } from "../support/engine-merge.ts";

type Fields = Record<string, unknown>;

const own = (config: Fields, from: Fields) =>
  ownersConfig(container("web", { Config: config }).Config, image(from).Config ?? {});

describe("what the owner said, without what the image said", () => {
  test("environment by entry: the image's go, the owner's stay, also where they override", () => {
    const from = { Env: ["PATH=/bin", "LANG=C"] };
    expect(own({ Env: ["FOO=bar", "LANG=de", "PATH=/bin"] }, from).Env).toEqual(["FOO=bar", "LANG=de"]);
    expect(own({ Env: ["PATH=/bin", "LANG=C"] }, from)).not.toHaveProperty("Env");
  });

  test("a change takes whole names out of the environment, and puts others in their place", () => {
    const env = ["KEY=a=b", "KEY_FILE=/x", "EMPTY", "PUID=0"];
    expect(changedEnv(env, ["KEY", "EMPTY"], { PUID: "3000" })).toEqual(["KEY_FILE=/x", "PUID=3000"]);
    expect(changedEnv(env, [], {})).toEqual(env);
  });

  test("labels by key and value, compose's own stay", () => {
    const config = { Labels: { "com.docker.compose.project": "media", version: "1", mine: "2" } };
    expect(own(config, { Labels: { version: "1", mine: "1" } }).Labels).toEqual({
      "com.docker.compose.project": "media",
      mine: "2",
    });
  });

  test("command and entrypoint that are the image's follow the next image", () => {
    const from = { Entrypoint: ["/init"], Cmd: ["serve"] };
    const config = own(from, from);
    expect([config.Entrypoint, config.Cmd]).toEqual([undefined, undefined]);
  });

  test("a command of the owner stays, and the image's entrypoint follows", () => {
    const config = own({ Entrypoint: ["/init"], Cmd: ["worker"] }, { Entrypoint: ["/init"], Cmd: ["serve"] });
    expect([config.Entrypoint, config.Cmd]).toEqual([undefined, ["worker"]]);
  });

  test("an entrypoint of the owner keeps its command, also one that equals the image's", () => {
    const config = own({ Entrypoint: ["/sh"], Cmd: ["serve"] }, { Entrypoint: ["/init"], Cmd: ["serve"] });
    expect([config.Entrypoint, config.Cmd]).toEqual([["/sh"], ["serve"]]);
  });

  test("an entrypoint given without a command is the owner's even if the image has the same", () => {
    const config = own({ Entrypoint: ["/init"], Cmd: null }, { Entrypoint: ["/init"], Cmd: ["serve"] });
    expect([config.Entrypoint, config.Cmd]).toEqual([["/init"], undefined]);
  });

  test("an entrypoint that was taken away stays away", () => {
    const config = own({ Entrypoint: null, Cmd: ["httpd"] }, { Entrypoint: ["/init"], Cmd: ["serve"] });
    expect([config.Entrypoint, config.Cmd]).toEqual([[""], ["httpd"]]);
  });

  test("healthcheck by field: an interval of the owner stays, the image's test follows", () => {
    const from = { Healthcheck: { Test: ["CMD", "true"], Interval: 1_000_000_000, Retries: 3 } };
    const config = { Healthcheck: { Test: ["CMD", "true"], Interval: 2_000_000_000, Retries: 3 } };
    expect(own(config, from).Healthcheck).toEqual({ Interval: 2_000_000_000 });
    expect(own({ Healthcheck: { Test: ["NONE"] } }, from).Healthcheck).toEqual({ Test: ["NONE"] });
    expect(own(from, from)).not.toHaveProperty("Healthcheck");
  });

  test("user, folder, stop signal, ports and volumes of the image go; other fields stay, known or not", () => {
    const from = {
      User: "1000",
      WorkingDir: "/app",
      StopSignal: "SIGINT",
      ExposedPorts: { "80/tcp": {} },
      Volumes: { "/c": {} },
    };
    const config = {
      User: "1000",
      WorkingDir: "/app",
      StopSignal: "SIGTERM",
      ExposedPorts: { "80/tcp": {}, "81/tcp": {} },
      Volumes: { "/c": {}, "/d": {} },
      Tty: true,
      StopTimeout: 5,
      SomethingOfTomorrow: { a: 1 },
      OnBuild: null,
    };
    expect(own(config, from)).toEqual({
      Cmd: undefined,
      Entrypoint: undefined,
      StopSignal: "SIGTERM",
      ExposedPorts: { "81/tcp": {} },
      Volumes: { "/d": {} },
      Tty: true,
      StopTimeout: 5,
      SomethingOfTomorrow: { a: 1 },
    });
  });
});

const word = fc.constantFrom("a", "b", "c", "d");
const words = fc.array(word, { minLength: 1, maxLength: 2 });
const settings = (value: fc.Arbitrary<unknown>) => fc.dictionary(word, value, { maxKeys: 3 });
const env = fc
  .uniqueArray(fc.tuple(word, word), { maxLength: 3, selector: ([key]) => key })
  .map((all) => all.map(([k, v]) => `${k}=${v}`));
const check = fc
  .record({ Test: words, Interval: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: [] })
  .filter((said) => Object.keys(said).length > 0);
const fieldsOf = (entrypoint: fc.Arbitrary<string[]>) =>
  fc.record(
    {
      Env: env,
      Labels: settings(word),
      ExposedPorts: settings(fc.constant({})),
      Volumes: settings(fc.constant({})),
      User: word,
      WorkingDir: word,
      StopSignal: word,
      Entrypoint: entrypoint,
      Cmd: words,
      Healthcheck: check,
    },
    { requiredKeys: [] },
  );
const imageFields = fieldsOf(words);
const userFields = fieldsOf(fc.oneof<fc.Arbitrary<string[]>[]>(words, fc.constant([""])));
const comparable = (merged: Fields) => ({ ...merged, Env: [...(Array.isArray(merged.Env) ? merged.Env : [])].sort() });
/** The engine refuses to make a container that has nothing to run. */
const runs = (merged: Fields) => JSON.stringify([merged.Entrypoint, merged.Cmd]) !== "[[],[]]";

describe("made again, read with the engine's own rules", () => {
  test("on the same image it is the same container", () => {
    fc.assert(
      fc.property(userFields, imageFields, (user, from) => {
        const made = engineMerge(user, from);
        fc.pre(runs(made));
        const again = engineMerge(own(made, from), from);
        expect(comparable(again)).toEqual(comparable(made));
      }),
      { numRuns: 2000 },
    );
  });

  test("on another image it is what the owner's own words would have given", () => {
    // Values of the owner that can't be mistaken for the image's.
    const distinct = userFields.map((user) =>
      JSON.parse(
        JSON.stringify(user)
          .replaceAll(/"([abcd])"/g, '"own-$1"')
          .replaceAll(/=([abcd])/g, "=own-$1")
          .replaceAll(/Interval":(\d)/g, 'Interval":1$1'),
      ),
    );
    fc.assert(
      fc.property(distinct, imageFields, imageFields, (user: Fields, from, to) => {
        const made = engineMerge(user, from);
        fc.pre(runs(made) && runs(engineMerge(user, to)));
        // Taking away what was not there leaves no trace in the container.
        fc.pre(JSON.stringify(user.Entrypoint) !== '[""]' || from.Entrypoint !== undefined);
        expect(comparable(engineMerge(own(made, from), to))).toEqual(comparable(engineMerge(user, to)));
      }),
      { numRuns: 2000 },
    );
  });
});
