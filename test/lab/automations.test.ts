import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { helpersOf } from "../../src/helpers.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type Store, storeAt } from "../../src/store/open.ts";
import { connectDocker } from "../../src/systems/docker/index.ts";
import { proposeGrant } from "../../src/tools/automation/set/propose.ts";
import { useGrants } from "../../src/watch/use-grants.ts";
import { runGreedy } from "./support/greedy.ts";
import { type HomeOfTools, openHome, stateFolder } from "./support/home.ts";
import { killProcess, type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";

const listed = z.looseObject({
  containers: z.array(z.looseObject({ name: z.string(), problems: z.array(z.looseObject({ what: z.string() })) })),
});

/** A shell that ends with an error of its own when it is asked to stop. */
const sulking = "trap 'exit 1' TERM; while :; do sleep 1 & wait $!; done";
const deaf = "trap '' TERM; while :; do sleep 1; done";

describe.skipIf(labMissing !== null)(titled("crashed containers, of a real engine"), () => {
  let lab: Lab;
  let home: HomeOfTools;
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    lab = await startLab();
    folder = await stateFolder(lab);
    home = openHome(folder, lab.socket);
    store = storeAt(folder)();
    await lab.publish("web", 1, "nohealth");
    await lab.publish("ill", 1, "unhealthy");
    await lab.publish("crash", 1, "crash");
    const run = (name: string, ...options: string[]) => lab.docker("run", "-d", "--name", name, ...options);
    const shell = (name: string, script: string, ...options: string[]) =>
      run(name, ...options, "--entrypoint", "/bin/sh", `${registry}/web`, "-c", script);
    await run("well", `${registry}/web`);
    await run("crashed", `${registry}/crash`);
    await run("looping", "--restart", "always", `${registry}/crash`);
    await run("given-up", "--restart", "on-failure:1", `${registry}/crash`);
    await runGreedy(lab, "greedy");
    await run("killed", `${registry}/web`);
    await shell("sulking", sulking);
    await shell("deaf", deaf);
    await run("killed-by-hand", `${registry}/web`);
    await shell("finished", "exit 0");
    await lab.docker("stop", "-t", "5", "sulking");
    await lab.docker("stop", "-t", "1", "deaf");
    await lab.docker("kill", "killed-by-hand");
    killProcess(await lab.docker("inspect", "-f", "{{.State.Pid}}", "killed"));
    // Rarely asked: each probe is three events, and the engine keeps but the last 256 of all containers.
    await run("ill", "--health-interval", "5s", "--health-retries", "1", `${registry}/ill`);
  });
  afterAll(async () => {
    store.close();
    await home.close();
    await lab.down();
  });

  const state = async (name: string) => lab.docker("inspect", "-f", "{{.State.Status}} {{.State.StartedAt}}", name);
  const statuses = async () => {
    const lines = (await lab.docker("ps", "-a", "--format", "{{.Names}} {{.State}}")).split("\n");
    return Object.fromEntries(lines.map((line) => line.split(" ")));
  };
  const look = () =>
    useGrants({
      gate: home.gate,
      helpers: helpersOf(
        () => home.context(),
        (proposal) => proposal,
      ),
      store,
      clock: systemClock,
      every_ms: 0,
      log: { info: () => {}, warn: () => {} },
      signal: new AbortController().signal,
    });
  /** As set_automation plans it, with a pause that a test can wait for. */
  const allow = async () => {
    const wish = { action: "restart_crashed", containers: ["*"] };
    const { grant, ...proposal } = await proposeGrant(wish, home.context());
    if (!grant) throw new Error("no grant was proposed");
    const limits = { max_per_day: 50, pause_s: 1, stop_after: 3 };
    const { plan_id } = await home.gate.propose("set_automation", wish, { ...proposal, grant: { ...grant, limits } });
    const { status } = await home.approveAndApply(plan_id);
    expect(status).toBe("done");
    return plan_id;
  };

  it("are told from those that somebody stopped, by the engine's own events", async () => {
    const problems = async () => {
      const { containers } = listed.parse(await home.call("list_containers", {}));
      return Object.fromEntries(
        containers.map(({ name, problems }) => [name, problems.map(({ what }) => what).join()]),
      );
    };
    const expected = {
      well: "",
      crashed: "ended with an error",
      looping: "crash loop",
      "given-up": "ended with an error",
      greedy: "out of memory",
      killed: "ended with an error",
      sulking: "",
      deaf: "",
      "killed-by-hand": "",
      finished: "",
      ill: "unhealthy",
    };
    // The crash loop runs for a moment between two ends.
    const same = (now: object) =>
      JSON.stringify(Object.entries(now).sort()) === JSON.stringify(Object.entries(expected).sort());
    expect(await until(problems, same, 40)).toEqual(expected);

    // As many events as an engine keeps, and more: it has forgotten them all, and what was told is still known.
    const { reading, changing } = connectDocker({ kind: "socket", path: lab.socket });
    for (let tag = 0; tag < 300; tag++) await changing.tag(`${registry}/web`, "flood", `${tag}`);
    expect(await reading.life(await reading.inspect("sulking"))).toEqual([]);
    await reading.close();
    expect(await until(problems, same, 40)).toEqual(expected);
  });

  it("are started again under a standing approval, and no others", async () => {
    const before = Object.fromEntries(
      await Promise.all(
        ["well", "sulking", "deaf", "killed-by-hand", "finished", "ill"].map(async (name) => [name, await state(name)]),
      ),
    );
    expect(await look()).toBe(0);
    const id = await allow();
    await look();
    const used = () => home.gate.grants()[0]?.last_uses.map(({ name }) => name) ?? [];
    expect(new Set(used())).toEqual(new Set(["crashed", "given-up", "greedy", "killed"]));
    expect((await statuses()).killed).toBe("running");

    // Three tries in a row, one and two seconds apart; then it leaves them to a person.
    const tries = (name: string) =>
      store.audit.allOfPlan(id, "used").filter(({ record }) => record.includes(`"name":"${name}"`)).length;
    const counts = async () => {
      await look();
      return ["crashed", "greedy", "killed"].map(tries);
    };
    expect(await until(counts, ([crashed, greedy]) => crashed === 3 && greedy === 3, 90)).toEqual([3, 3, 1]);
    await systemClock.sleep(5_000);
    expect(await counts()).toEqual([3, 3, 1]);
    const { stopped_for = [] } = home.gate.grants()[0] ?? {};
    expect(stopped_for.map(({ name }) => name)).toEqual(expect.arrayContaining(["crashed", "greedy"]));

    for (const [name, was] of Object.entries(before)) expect(`${name} ${await state(name)}`).toBe(`${name} ${was}`);
    expect(await lab.docker("inspect", "-f", "{{.HostConfig.RestartPolicy.Name}}", "looping")).toBe("always");
  });

  it("are left alone once the approval is taken back", async () => {
    const [grant] = home.gate.grants();
    home.gate.revoke(grant?.grant_id ?? "");
    killProcess(await lab.docker("inspect", "-f", "{{.State.Pid}}", "killed"));
    await until(statuses, ({ killed }) => killed === "exited");
    expect(await look()).toBe(0);
    expect((await statuses()).killed).toBe("exited");
  });
});
