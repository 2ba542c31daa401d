import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auditContainer } from "../../../src/analysis/permissions/audit.ts";
import { sensitivity } from "../../../src/analysis/permissions/checks/sensitive.ts";
import { exempt } from "../../../src/analysis/permissions/exempt.ts";
import type { Accounts, Finding, Severity, Surroundings } from "../../../src/analysis/permissions/finding.ts";
import { within } from "../../../src/analysis/permissions/paths.ts";
import { reach } from "../../../src/analysis/permissions/reach.ts";
import { runsAs } from "../../../src/analysis/permissions/runs-as.ts";
import { meanScore, scoreOf } from "../../../src/analysis/permissions/score.ts";
import { container, image } from "../support/containers.ts";

const now_ms = Date.UTC(2027, 5, 1, 12);
const around: Surroundings = { now_ms, subjects: [], security_options: [], accounts: null, pools: null };
const accounts: Accounts = {
  users: [
    { name: "root", uid: 0, gid: 0 },
    { name: "anna", uid: 1000, gid: 1000 },
    { name: "ben", uid: 1001, gid: 1001 },
    { name: "keeper", uid: 1002, gid: 27 },
  ],
  groups: [
    { name: "sudo", gid: 27, members: ["anna"] },
    { name: "docker", gid: 993, members: [] },
    { name: "media", gid: 1050, members: ["ben"] },
  ],
};

const checksOf = (subject: Parameters<typeof auditContainer>[0], more: Partial<Surroundings> = {}) =>
  auditContainer(subject, { ...around, ...more }, []).findings.map(({ check }) => check);
const subject = (name: string, parts: Parameters<typeof container>[1] = {}, process_uids: number[] | null = null) => ({
  container: container(name, parts),
  image: image(),
  process_uids,
});

describe("whom a container runs as", () => {
  const user = (User: string, Env: string[] = [], Image = "web:1", uids: number[] | null = null) => {
    const { uid, gid, name, by } = runsAs(subject("web", { Config: { User, Env, Image } }, uids));
    return [uid, gid, name, by];
  };
  test.each([
    ["", [0, 0, null, "root"]],
    ["root", [0, 0, null, "root"]],
    ["0:1000", [0, 1000, null, "root"]],
    ["1000", [1000, null, null, "user"]],
    ["1000:100", [1000, 100, null, "user"]],
    ["1000:root", [1000, 0, null, "user"]],
    ["nobody", [null, null, "nobody", "user"]],
  ])("user %j", (said, expected) => {
    expect(user(said)).toEqual(expected);
  });
  test("images that start as root and become whom they are told", () => {
    expect(user("", ["PUID=1001", "PGID=1002"], "lscr.io/linuxserver/sonarr:4")).toEqual([1001, 1002, null, "puid"]);
    expect(user("", [], "linuxserver/sonarr")).toEqual([911, 911, null, "puid"]);
    expect(user("", ["PUID=0"], "linuxserver/sonarr")).toEqual([0, 911, null, "root"]);
    expect(user("", ["PLEX_UID=1003"], "plexinc/pms-docker")).toEqual([1003, 1000, null, "puid"]);
    // Another image takes no notice of these variables.
    expect(user("", ["PUID=1001"], "nginx:1")).toEqual([0, 0, null, "root"]);
  });
  test("images that hand over by themselves, as their processes show", () => {
    expect(user("", [], "postgres:16", [999, 999])).toEqual([999, null, null, "processes"]);
    expect(user("", [], "nginx:1", [0, 101])).toEqual([0, 0, null, "root"]);
    expect(user("", [], "postgres:16", [])).toEqual([0, 0, null, "root"]);
  });
});

describe("this machine's own accounts", () => {
  const as = (User: string, HostConfig = {}) => subject("web", { Config: { User }, HostConfig });
  test("a member of sudo, by its list or by its own group", () => {
    expect(checksOf(as("1000:1000"), { accounts })).toContain("admin_user");
    expect(checksOf(as("1002:1050"), { accounts })).toContain("admin_user");
    expect(checksOf(as("1001:1050"), { accounts })).not.toContain("admin_user");
    // Without accounts nobody knows that uid 1000 may use sudo.
    expect(checksOf(as("1000:1000"))).not.toContain("admin_user");
  });
  test("a group that makes root, by number or by name", () => {
    expect(checksOf(as("1001:993"), { accounts })).toContain("admin_group");
    expect(checksOf(as("1001:1001", { GroupAdd: ["27"] }), { accounts })).toContain("admin_group");
    expect(checksOf(as("1001:1001", { GroupAdd: ["1050"] }), { accounts })).not.toContain("admin_group");
  });
  test("uid 950 is TrueNAS's administrator also where accounts are not known", () => {
    expect(checksOf(as("950:1001"))).toContain("admin_user");
    expect(checksOf(as("truenas_admin"))).toContain("admin_user");
  });
});

test("containers of different applications that are one user", () => {
  const of = (name: string, User: string, project?: string) =>
    subject(name, { Config: { User, Labels: project === undefined ? {} : { "com.docker.compose.project": project } } });
  const subjects = [
    of("sonarr", "1000"),
    of("radarr", "1000"),
    of("web", "1500", "a"),
    of("job", "1500", "a"),
    of("x", ""),
  ];
  const shared = subjects.map(
    (one) =>
      auditContainer(one, { ...around, subjects }, []).findings.find(({ check }) => check === "shared_user")?.evidence,
  );
  expect(shared).toEqual([
    "uid 1000 is also that of radarr",
    "uid 1000 is also that of sonarr",
    undefined,
    undefined,
    undefined,
  ]);
});

test("an engine that remaps users or is rootless runs nobody as this machine's root", () => {
  const root = subject("web");
  expect(checksOf(root)).toContain("root_user");
  expect(checksOf(root, { security_options: ["userns"] })).not.toContain("root_user");
  expect(checksOf(root, { security_options: ["rootless"] })).not.toContain("root_user");
  const outside = subject("web", { HostConfig: { UsernsMode: "host" } });
  expect(checksOf(outside, { security_options: ["userns"] })).toContain("root_user");
});

test("an engine whose default is no-new-privileges needs no word of it", () => {
  expect(checksOf(subject("web"))).toContain("new_privileges");
  expect(checksOf(subject("web"), { security_options: ["no-new-privileges"] })).not.toContain("new_privileges");
});

test.each([
  ["/", true, "critical"],
  ["/", false, "critical"],
  ["/etc/", true, "critical"],
  ["/etc", false, "warning"],
  ["/etc/app/settings.yml", true, "warning"],
  ["/etc/app/settings.yml", false, null],
  ["/etc/shadow", false, "critical"],
  ["/etcetera", true, null],
  ["/var/run", false, "critical"],
  ["/run/dbus", true, "warning"],
  ["/var/lib/docker/volumes/x/_data", false, "critical"],
  ["/home/anna/.ssh", false, "critical"],
  ["/home/anna/films", true, null],
  ["/mnt/tank/apps/plex", true, null],
  ["/etc/localtime", true, null],
])("%s (writable: %s) is %s", (path, writable, expected) => {
  expect(sensitivity(path, writable)?.severity ?? null).toBe(expected);
});

test("whole pools, where they are known and where they are guessed", () => {
  const mounted = (Source: string) =>
    subject("web", { Mounts: [{ Type: "bind", Source, Destination: "/data", RW: true }] });
  expect(checksOf(mounted("/mnt/tank"))).toContain("whole_pool");
  expect(checksOf(mounted("/mnt/tank"), { pools: ["/mnt/flash"] })).not.toContain("whole_pool");
  expect(checksOf(mounted("/srv/big"), { pools: ["/srv/big"] })).toContain("whole_pool");
  expect(checksOf(mounted("/mnt/tank/films"))).not.toContain("whole_pool");
});

describe("another app's data", () => {
  const bind = (Source: string, Destination: string, RW = true) => ({ Type: "bind", Source, Destination, RW });
  const plex = subject("plex", {
    Mounts: [bind("/mnt/tank/apps/plex", "/config"), bind("/mnt/tank/films", "/films")],
  });
  const found = (name: string, mount: object, labels = {}) => {
    const own = subject(name, { Mounts: [{ ...mount }], Config: { Labels: labels } });
    return auditContainer(own, { ...around, subjects: [plex, own] }, []).findings.find(
      ({ check }) => check === "other_apps_data",
    );
  };
  test("is what it mounts as its settings, or what bears its name", () => {
    expect(found("reader", bind("/mnt/tank/apps", "/apps"))?.severity).toBe("critical");
    expect(found("reader", bind("/mnt/tank/apps", "/apps", false))?.severity).toBe("warning");
    expect(found("reader", bind("/mnt/tank/apps/plex/Logs", "/logs"))?.severity).toBe("warning");
    expect(found("reader", bind("/mnt/tank/apps/plex/Logs", "/logs", false))?.severity).toBe("info");
  });
  test("is not a library that both play from", () => {
    expect(found("sonarr", bind("/mnt/tank/films", "/data"))).toBeUndefined();
    expect(found("sonarr", bind("/mnt/tank/films/new", "/data"))).toBeUndefined();
  });
});

test("exemptions end after their last day", () => {
  const finding = { id: "plex/host_network", container: "plex", check: "host_network" } as const;
  const all: Finding[] = [{ ...finding, severity: "warning", cis: [], evidence: "", fix: "" }];
  const on = (pattern: string, at: number) =>
    exempt(all, [{ finding: pattern, reason: "DLNA", until: "2027-06-30" }], at).exempted.map(({ id }) => id);
  expect(on("plex/host_network", Date.UTC(2027, 5, 30, 23, 59))).toEqual(["plex/host_network"]);
  expect(on("plex/host_network", Date.UTC(2027, 6, 1))).toEqual([]);
  expect(on("plex/*", now_ms)).toEqual(["plex/host_network"]);
  expect(on("*/host_network", now_ms)).toEqual(["plex/host_network"]);
  expect(on("plex/host_pid", now_ms)).toEqual([]);
  expect(on("ple/host_network", now_ms)).toEqual([]);
});

describe("the score", () => {
  const severities = fc.constantFrom<Severity>("critical", "warning", "info");
  const list = fc.array(
    severities.map((severity) => ({ severity })),
    { maxLength: 12 },
  );
  test("is 100 without findings, and moves with every one that is mended", () => {
    expect([scoreOf([]), scoreOf([{ severity: "critical" }]), meanScore([]), meanScore([100, 50.5])]).toEqual([
      100,
      50,
      null,
      75.3,
    ]);
    fc.assert(
      fc.property(list, severities, (findings, severity) => {
        const more = scoreOf([...findings, { severity }]);
        expect(more).toBeGreaterThanOrEqual(0);
        // Below a hundredth nothing can be seen of a hundredth's third.
        if (scoreOf(findings) > 3) expect(more).toBeLessThan(scoreOf(findings));
      }),
    );
  });
});

test("the matrix: who reaches whose data, and by what", () => {
  const bind = (Source: string, RW = true) => ({ Type: "bind", Source, Destination: "/d", RW });
  const all = [
    container("plex", {
      Mounts: [bind("/mnt/tank/media", false), { Type: "volume", Name: "a", Destination: "/v", RW: true }],
    }),
    container("sonarr", { Mounts: [bind("/mnt/tank/media/tv")] }),
    container("copy", { Mounts: [{ Type: "volume", Name: "a", Destination: "/v", RW: false }] }),
    container("clock", { Mounts: [bind("/etc/localtime", false)] }),
    container("watch", { Mounts: [bind("/etc/localtime", false)] }),
    container("watchtower", { Mounts: [bind("/var/run/docker.sock", false)] }),
    container("agent", { Mounts: [bind("/var/run", false)] }),
    container("root", { HostConfig: { Privileged: true } }),
    container("tracer", { HostConfig: { CapAdd: ["CAP_SYS_PTRACE"], PidMode: "host" } }),
    container("debugger", { HostConfig: { CapAdd: ["SYS_PTRACE"] } }),
  ];
  expect(
    reach(all).map(({ container: name, everything, others }) => [
      name,
      everything,
      others.map((other) => `${other.container} ${other.path} ${other.writable ? "rw" : "ro"}`),
    ]),
  ).toEqual([
    ["plex", null, ["sonarr /mnt/tank/media/tv ro", "copy a rw"]],
    ["sonarr", null, ["plex /mnt/tank/media/tv rw"]],
    ["copy", null, ["plex a ro"]],
    ["clock", null, []],
    ["watch", null, []],
    ["watchtower", "the engine's socket", []],
    ["agent", "the engine's socket", []],
    ["root", "privileged", []],
    ["tracer", "capability SYS_PTRACE", []],
    ["debugger", null, []],
  ]);
});

test("paths are compared by segments", () => {
  expect(within("/mnt/tank/a", "/mnt/tank")).toBe(true);
  expect(within("/mnt/tank/", "/mnt/tank")).toBe(true);
  expect(within("/mnt/tank2/a", "/mnt/tank")).toBe(false);
  expect(within("/mnt", "/mnt/tank")).toBe(false);
  expect(within("/anything", "/")).toBe(true);
});
