import { describe, expect, test } from "vitest";
import { describe as describeContainer } from "../../../src/analysis/containers/describe.ts";
import { details, networkOwner } from "../../../src/analysis/containers/details.ts";
import type { Ending } from "../../../src/analysis/containers/ending.ts";
import { exitMeaning } from "../../../src/analysis/containers/exit.ts";
import { managedBy } from "../../../src/analysis/containers/managed-by.ts";
import { ownName } from "../../../src/analysis/containers/names.ts";
import { container, id, image, sha } from "../support/containers.ts";

const now = Date.parse("2027-01-02T00:00:01Z");
const facts = (parts: Parameters<typeof container>[1]) => describeContainer(container("web", parts), now);
const ended = (ExitCode: number, more: Record<string, unknown> = {}) => ({
  Running: false,
  Status: "exited",
  ExitCode,
  FinishedAt: "2027-01-01T23:00:01Z",
  ...more,
});

describe("a container in short", () => {
  test("one that runs", () => {
    expect(facts({ Config: { Image: "web:1" } })).toEqual({
      name: "web",
      state: "running",
      health: null,
      since_s: 86_400,
      restarts: 0,
      exit: null,
      image: "web:1",
      managed_by: "plain",
      problems: [],
    });
  });

  test("one that ended with an error", () => {
    expect(facts({ State: ended(1), HostConfig: { RestartPolicy: { Name: "always" } } })).toMatchObject({
      state: "exited",
      since_s: 3600,
      exit: "1: ended with an error of its own",
      problems: [
        {
          severity: "critical",
          what: "ended with an error",
          evidence: "exit code 1, ended with an error of its own; its restart policy is always, and yet it is down",
        },
      ],
    });
  });

  test("one that was stopped on purpose has no problem, whatever way it took its end", () => {
    for (const code of [0, 130, 137, 143]) expect(facts({ State: ended(code) }).problems).toEqual([]);
  });

  test("one that the kernel killed for want of memory", () => {
    expect(facts({ State: ended(137, { OOMKilled: true }) }).problems).toEqual([
      {
        severity: "critical",
        what: "out of memory",
        evidence: "exit code 137, killed because it ran out of memory; nothing starts it again (restart policy no)",
      },
    ]);
  });

  test("one in a crash loop, one that is unhealthy, one that could not start, one that is paused", () => {
    const what = (parts: Parameters<typeof container>[1]) =>
      facts(parts).problems.map((problem) => `${problem.severity}: ${problem.what}`);
    expect(what({ State: { Restarting: true, Status: "restarting", ExitCode: 1 }, RestartCount: 41 })).toEqual([
      "critical: crash loop",
    ]);
    expect(what({ State: { Health: { Status: "unhealthy", FailingStreak: 4 } } })).toEqual(["critical: unhealthy"]);
    expect(what({ State: { Running: false, Status: "created", Error: "port is taken" } })).toEqual([
      "critical: could not be started",
    ]);
    expect(what({ State: { Paused: true, Status: "paused" } })).toEqual(["info: paused"]);
    expect(what({ RestartCount: 3, State: { FinishedAt: "2027-01-01T20:00:00Z", ExitCode: 139 } })).toEqual([
      "warning: restarted by itself",
    ]);
    expect(what({ State: ended(0), HostConfig: { RestartPolicy: { Name: "always" } } })).toEqual([
      "warning: stopped although it should always run",
    ]);
    expect(what({ State: ended(2, { FinishedAt: "2026-12-01T00:00:00Z" }) })).toEqual(["warning: ended with an error"]);
  });
});

test("what an unhealthy one's last probe said is told without its secrets, as text from outside", () => {
  const log = (Output: string) => [
    { Start: "", End: "", ExitCode: 0, Output: "fine" },
    { Start: "", End: "", ExitCode: 22, Output },
  ];
  const said = (Status: string, Output: string) =>
    details(
      container("web", {
        State: { Health: { Status, FailingStreak: 3, Log: log(Output) } },
        Config: { Env: ["API_KEY=abc123def456ghi"] },
      }),
      image(),
    ).outside_health;
  expect(said("unhealthy", "curl: 401\u202e for abc123def456ghi\n")).toBe("exit code 22: curl: 401 for [hidden]");
  expect(said("healthy", "x")).toBeNull();
  expect(said("unhealthy", "x".repeat(1_000))).toHaveLength(300);
});

describe("what is around it", () => {
  const judged = (is: Ending["is"], missing: string[], parts: Parameters<typeof container>[1]) =>
    describeContainer(container("web", parts), now, { ending: { is, why: "" }, missing }).problems;

  test("one that was stopped has no problem whatever it ended with, and one that was killed from outside has one", () => {
    expect(judged("stopped", [], { State: ended(1) })).toEqual([]);
    expect(judged("crashed", [], { State: ended(137) })).toMatchObject([
      {
        what: "ended with an error",
        evidence: "exit code 137, ended by SIGKILL, killed from outside; nothing starts it again (restart policy no)",
      },
    ]);
    expect(judged("cannot_tell", [], { State: ended(1) })).toMatchObject([{ what: "ended with an error" }]);
  });

  test("its restart policy, and what it needs, are told", () => {
    const gaveUp = { Name: "on-failure", MaximumRetryCount: 3 };
    expect(
      judged("crashed", ["db"], { State: ended(1), RestartCount: 3, HostConfig: { RestartPolicy: gaveUp } })[0]
        ?.evidence,
    ).toBe(
      "exit code 1, ended with an error of its own; the engine gave up after 3 restarts (restart policy on-failure); it needs db, which does not run",
    );
  });

  test("a crash loop tells how long the last run took", () => {
    const State = {
      Restarting: true,
      Status: "restarting",
      ExitCode: 1,
      StartedAt: "2027-01-01T23:59:00Z",
      FinishedAt: "2027-01-01T23:59:03Z",
    };
    expect(facts({ State, RestartCount: 41 }).problems[0]?.evidence).toBe(
      "41 restarts, the last run took 3 s; exit code 1, ended with an error of its own",
    );
  });
});

test.each([
  [0, false, "ended by itself without an error"],
  [1, false, "ended with an error of its own"],
  [126, false, "its command can't be executed"],
  [127, false, "its command was not found"],
  [137, false, "ended by SIGKILL, killed from outside"],
  [137, true, "killed because it ran out of memory"],
  [139, false, "ended by SIGSEGV, it crashed"],
  [143, false, "ended by SIGTERM, asked to stop"],
  [255, false, "ended with an error of its own"],
])("exit code %i, out of memory %s", (code, oom, meaning) => {
  expect(exitMeaning(code, oom)).toBe(meaning);
});

describe("who manages it", () => {
  const compose = (config_files: string, working_dir = "/x") => ({
    "com.docker.compose.project": "ix-plex",
    "com.docker.compose.project.config_files": config_files,
    "com.docker.compose.project.working_dir": working_dir,
  });
  test.each([
    [{}, "plain", null],
    [compose("/opt/stacks/media/compose.yaml"), "compose", "ix-plex"],
    [
      compose("/mnt/.ix-apps/app_configs/plex/versions/1.1.5/templates/rendered/docker-compose.yaml"),
      "truenas",
      "plex",
    ],
    [compose("/data/compose/12/docker-compose.yml"), "portainer", "ix-plex"],
    [compose("compose.yml", "/data/compose/12"), "portainer", "ix-plex"],
    [compose("/home/me/data/compose/12/compose.yml"), "compose", "ix-plex"],
    [{ "com.docker.swarm.service.name": "web" }, "swarm", "web"],
  ])("%j", (labels, by, name) => {
    expect(managedBy(labels)).toMatchObject({ by, name });
    expect(managedBy(labels).evidence).not.toBe("");
  });
});

test("a container's own name is the one without a second slash", () => {
  expect(ownName(["/linker/db", "/base"])).toBe("base");
});

describe("all the rest", () => {
  test("values of environment and labels stay inside; digest, ports, mounts, limits and evidence are told", () => {
    const one = container("web", {
      Id: id("abc"),
      Config: {
        Image: "web:1",
        Env: ["TOKEN=secret", "TZ=UTC"],
        Cmd: ["serve", "--password=hunter22"],
        User: "1000",
        Labels: { key: "label-secret" },
      },
      HostConfig: {
        Memory: 1024,
        CpuQuota: 50_000,
        PidsLimit: 0,
        RestartPolicy: { Name: "unless-stopped" },
        NetworkMode: "lan",
      },
      Mounts: [
        { Type: "bind", Source: "/mnt", Destination: "/data", RW: false },
        { Type: "volume", Name: "n", Source: "/v", Destination: "/n", RW: true },
      ],
      NetworkSettings: {
        Networks: { lan: {} },
        Ports: { "80/tcp": [{ HostIp: "", HostPort: "8080" }], "81/tcp": null },
      },
      State: { Error: "bad\u202e mount\n" },
    });
    const told = details(one, image());
    expect(told).toEqual({
      id: "abc000000000",
      image_id: "a10000000000",
      digest: sha("d1"),
      created_at: "2027-01-01T00:00:00Z",
      command: "serve --password=[hidden]",
      ports: ["0.0.0.0:8080 → 80/tcp", "81/tcp"],
      mounts: ["/mnt → /data (bind, read-only)", "n → /n (volume)"],
      user: "1000",
      networks: ["lan"],
      restart_policy: "unless-stopped",
      privileged: false,
      memory_limit_bytes: 1024,
      cpu_limit: 0.5,
      pids_limit: null,
      project: null,
      managed_because: "no label of compose or swarm",
      env_names: ["TOKEN", "TZ"],
      outside_error: "bad mount",
      outside_health: null,
    });
    expect(JSON.stringify(told)).not.toContain("secret");
  });

  test("a network that is another container's is told by that one's name, or else by its short id", () => {
    const using = (mode: string) =>
      container("web", { HostConfig: { NetworkMode: `container:${mode}` }, NetworkSettings: { Networks: {} } });
    const joined = using(id("beef"));
    expect(networkOwner(joined)).toBe(id("beef"));
    expect(details(joined, undefined, "gluetun").networks).toEqual(["container:gluetun"]);
    expect(details(joined, undefined).networks).toEqual(["container:beef00000000"]);
    expect(details(using("a-rather-long-name"), undefined).networks).toEqual(["container:a-rather-long-name"]);
    expect(networkOwner(container("web"))).toBeNull();
  });

  test("an image that is no longer here has no digest", () => {
    expect(details(container("web"), undefined).digest).toBeNull();
  });
});
