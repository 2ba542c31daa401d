import { describe, expect, test } from "vitest";
import { missingDependencies } from "../../../src/analysis/containers/dependencies.ts";
import { describe as describeContainer } from "../../../src/analysis/containers/describe.ts";
import { endingOf, ranFor } from "../../../src/analysis/containers/ending.ts";
import type { LifeEvent } from "../../../src/systems/docker/port.ts";
import { container, id } from "../support/containers.ts";

const started = "2027-01-01T00:00:00.000Z";
const finished = "2027-01-01T00:10:00.250Z";
const at = Date.parse(finished);

const event = (action: LifeEvent["action"], after_ms = 0, more: Partial<LifeEvent> = {}): LifeEvent => ({
  action,
  at_ms: at + after_ms,
  exit_code: null,
  signal: null,
  ...more,
});
const start = event("start", -600_000);
const kill = (signal: number) => event("kill", -3_000, { signal });
type Fields = Record<string, unknown>;
const ended = (code: number, more: Fields = {}, host: Fields = {}) =>
  container("web", {
    State: { Status: "exited", Running: false, ExitCode: code, StartedAt: started, FinishedAt: finished, ...more },
    HostConfig: host,
  });

describe("what the engine's events tell", () => {
  test.each<[string, ReturnType<typeof ended>, LifeEvent[], string, string]>([
    ["an error", ended(1), [start, event("die")], "crashed", "exit code 1, ended with an error of its own"],
    [
      "a segmentation fault",
      ended(139),
      [start, event("die")],
      "crashed",
      "exit code 139, ended by SIGSEGV, it crashed",
    ],
    [
      "a kill from outside",
      ended(137),
      [start, event("die")],
      "crashed",
      "exit code 137, ended by SIGKILL, killed from outside",
    ],
    [
      "no memory",
      ended(137, { OOMKilled: true }),
      [start, event("oom", -5), event("die")],
      "crashed",
      "it ran out of memory",
    ],
    [
      "no memory, of which only the event tells",
      ended(1),
      [start, event("oom", -5), event("die")],
      "crashed",
      "it ran out of memory",
    ],
    ["its work done", ended(0), [start, event("die")], "finished", "it ended by itself without an error"],
    [
      "a SIGTERM from its own machine",
      ended(143),
      [start, event("die")],
      "stopped",
      "it was asked to stop, not through the engine",
    ],
    [
      "docker stop",
      ended(0),
      [start, kill(15), event("die"), event("stop", 20)],
      "stopped",
      "the engine was asked to stop it",
    ],
    [
      "docker stop, with an error at the end",
      ended(1),
      [start, kill(15), event("die")],
      "stopped",
      "the engine was asked to stop it",
    ],
    [
      "docker stop that had to kill",
      ended(137),
      [start, kill(15), kill(9), event("die")],
      "stopped",
      "the engine was asked to stop it",
    ],
    ["docker kill", ended(137), [start, kill(9), event("die")], "stopped", "the engine was asked to stop it"],
    [
      "docker stop between two restarts",
      ended(1),
      [start, event("die"), event("stop", 900)],
      "stopped",
      "the engine was asked to stop it",
    ],
    [
      "an error after a signal to read its settings again",
      ended(1),
      [start, kill(1), event("die")],
      "crashed",
      "exit code 1, ended with an error of its own",
    ],
    [
      "an error, stopped in an earlier life",
      ended(1),
      [event("start", -900_000), kill(15), event("die", -700_000), event("stop", -700_000), start, event("die")],
      "crashed",
      "exit code 1, ended with an error of its own",
    ],
  ])("%s", (_what, one, events, is, why) => {
    expect(endingOf(one, events)).toMatchObject({ is, why });
  });
});

describe("where the engine has forgotten", () => {
  const onFailure = { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } };
  test.each<[string, ReturnType<typeof ended>, LifeEvent[], string]>([
    ["an error may be a stop", ended(1), [], "cannot_tell"],
    ["so may 137", ended(137), [], "cannot_tell"],
    ["no memory is no stop", ended(137, { OOMKilled: true }), [], "crashed"],
    ["one that was short of memory once and was stopped", ended(143, { OOMKilled: true }), [], "cannot_tell"],
    ["the end of another life says nothing", ended(1), [start, event("die", -60_000)], "cannot_tell"],
    ["an engine that gave up", { ...ended(1, {}, onFailure), RestartCount: 3 }, [], "crashed"],
    ["one with tries left was stopped", { ...ended(1, {}, onFailure), RestartCount: 2 }, [], "cannot_tell"],
    ["no error and no wish to run", ended(0), [], "finished"],
    ["no error, and should always run", ended(0, {}, { RestartPolicy: { Name: "always" } }), [], "cannot_tell"],
  ])("%s", (_what, one, events, is) => {
    expect(endingOf(one, events).is).toBe(is);
  });
});

test.each([
  ["where the engine's own flag misses it", false],
  ["where the engine says so too", true],
])("want of memory is called that %s", (_where, OOMKilled) => {
  const one = ended(1, { OOMKilled });
  const ending = endingOf(one, [start, event("oom", -5), event("die")]);
  const { exit, problems } = describeContainer(one, at + 60_000, { ending, missing: [] });
  expect(exit).toBe("1: killed because it ran out of memory");
  expect(problems).toEqual([
    {
      severity: "critical",
      what: "out of memory",
      evidence: "exit code 1, killed because it ran out of memory; nothing starts it again (restart policy no)",
    },
  ]);
});

test("one that runs, loops or never ran did not crash", () => {
  const state = (State: Fields) => endingOf(container("web", { State }), []).is;
  expect(state({ Status: "running", Running: true })).toBe("running");
  expect(state({ Status: "paused", Running: true, Paused: true })).toBe("running");
  expect(state({ Status: "restarting", Running: true, Restarting: true, ExitCode: 1 })).toBe("crash_loop");
  expect(state({ Status: "created", Running: false })).toBe("not_started");
});

test("how long it ran", () => {
  expect(ranFor(ended(1))).toBe(600_250);
  expect(ranFor(ended(1, { FinishedAt: "0001-01-01T00:00:00Z" }))).toBe(0);
});

describe("what it needs and is not there", () => {
  const labels = (service: string, on = "") => ({
    Config: {
      Labels: {
        "com.docker.compose.project": "media",
        "com.docker.compose.service": service,
        "com.docker.compose.depends_on": on,
      },
    },
  });
  const down = { Status: "exited", Running: false, ExitCode: 1 };
  const db = container("media-db-1", { ...labels("db"), State: down });
  const vpn = container("vpn", { Id: id("e1"), State: down });

  test("by compose's own label, within its project", () => {
    const app = container("media-app-1", labels("app", "db:service_healthy:false,cache:service_started:true"));
    const cache = container("media-cache-1", labels("cache"));
    const elsewhere = container("cache", { State: down });
    expect(missingDependencies(app, [app, db, cache, elsewhere])).toEqual(["media-db-1"]);
    const sick = container("media-db-1", {
      ...labels("db"),
      State: { Running: true, Health: { Status: "unhealthy", FailingStreak: 3 } },
    });
    expect(missingDependencies(app, [app, sick, cache])).toEqual(["media-db-1"]);
  });

  test("one that had to come to its end has", () => {
    const app = container("media-app-1", labels("app", "setup:service_completed_successfully:true"));
    const setup = (code: number) =>
      container("media-setup-1", { ...labels("setup"), State: { ...down, ExitCode: code } });
    expect(missingDependencies(app, [app, setup(0)])).toEqual([]);
    expect(missingDependencies(app, [app, setup(1)])).toEqual(["media-setup-1"]);
  });

  test("the container whose network it uses", () => {
    const torrent = container("torrent", { HostConfig: { NetworkMode: `container:${vpn.Id}` } });
    expect(missingDependencies(torrent, [torrent, vpn])).toEqual(["vpn"]);
    expect(missingDependencies(container("alone"), [vpn, db])).toEqual([]);
  });
});
