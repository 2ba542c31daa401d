import { describe, expect, test } from "vitest";
import type { Surroundings } from "../../../src/analysis/permissions/finding.ts";
import { treeFindings } from "../../../src/analysis/permissions/trees/findings.ts";
import { planTrees } from "../../../src/analysis/permissions/trees/plan.ts";
import { tally, type Viewer } from "../../../src/analysis/permissions/trees/tally.ts";
import type { FileEntry, MountPoint } from "../../../src/systems/files/port.ts";
import { container, image } from "../support/containers.ts";

const entry = (path: string, type: string, mode: number, uid = 1000, gid = 1000, links = 1): FileEntry => ({
  type,
  mode,
  uid,
  gid,
  device: "1",
  inode: path,
  links,
  path: Buffer.from(path),
});
const viewer = (name: string, uid: number, gids: number[] | null, path = "/mnt/t", writable = true): Viewer => ({
  container: name,
  uid,
  gids: gids && new Set(gids),
  writable,
  path,
});
const counted = (entries: FileEntry[], viewers: Viewer[] = [], admins: number[] = []) => {
  const tallied = tally(viewers, new Set(admins));
  tallied.add(entries);
  return tallied.facts();
};

describe("what a walk finds", () => {
  test("world-writable: 777, 776 and 002, not the sticky bit's folders and not links", () => {
    const facts = counted([
      entry("/mnt/t", "d", 0o755),
      entry("/mnt/t/a", "f", 0o777),
      entry("/mnt/t/b", "f", 0o776),
      entry("/mnt/t/c", "d", 0o777),
      entry("/mnt/t/tmp", "d", 0o1777),
      entry("/mnt/t/d", "f", 0o002),
      entry("/mnt/t/e", "f", 0o1777),
      entry("/mnt/t/link", "l", 0o777),
      entry("/mnt/t/f", "f", 0o775),
    ]);
    expect(facts.world_writable).toEqual({ entries: 5, examples: ["/mnt/t/a", "/mnt/t/b", "/mnt/t/c"] });
    expect(facts).toMatchObject({ entries: 9, folders: 3, links: 1 });
  });
  test("owned by an administrator, setuid, setgid, hard-linked", () => {
    const facts = counted(
      [
        entry("/mnt/t", "d", 0o2755, 950),
        entry("/mnt/t/a", "f", 0o4755),
        entry("/mnt/t/b", "f", 0o2755),
        entry("/mnt/t/c", "f", 0o644, 1000, 1000, 2),
        entry("/mnt/t/d", "d", 0o4755),
      ],
      [],
      [950],
    );
    expect(facts.admin_owned).toEqual({ entries: 1, examples: ["/mnt/t"] });
    expect(facts.setuid).toEqual({ entries: 1, examples: ["/mnt/t/a"] });
    expect(facts.setgid).toEqual({ entries: 1, examples: ["/mnt/t/b"] });
    expect(facts.hard_linked).toBe(1);
  });
  test("what a user can't read or write: its own bits, then its groups', then the others'", () => {
    const entries = [
      entry("/mnt/t", "d", 0o755),
      entry("/mnt/t/mine", "f", 0o077, 2000),
      entry("/mnt/t/ours", "f", 0o640, 1, 3000),
      entry("/mnt/t/theirs", "f", 0o600, 1, 1),
      entry("/mnt/t/closed", "d", 0o744, 1, 1),
      entry("/mnt/t/link", "l", 0o000, 1, 1),
    ];
    const { unreadable, unwritable } = counted(entries, [viewer("app", 2000, [3000])]);
    expect(unreadable.get("app")?.examples).toEqual(["/mnt/t/mine", "/mnt/t/theirs", "/mnt/t/closed"]);
    expect(unwritable.get("app")?.entries).toBe(5);
    const reading = counted(entries, [viewer("app", 2000, [3000], "/mnt/t", false)]);
    expect(reading.unwritable.size).toBe(0);
  });
  test("root may all; of unknown groups nothing is said where they would decide", () => {
    const entries = [
      entry("/mnt/t/a", "f", 0o600, 1, 1),
      entry("/mnt/t/b", "f", 0o640, 1, 1),
      entry("/mnt/t/c", "f", 0, 1, 1),
    ];
    const { unreadable } = counted(entries, [viewer("root", 0, [0]), viewer("web", 2000, null)]);
    expect([...unreadable.keys()]).toEqual(["web"]);
    expect(unreadable.get("web")?.examples).toEqual(["/mnt/t/a", "/mnt/t/c"]);
  });
  test("each sees its own folder only, by segments", () => {
    const entries = ["/mnt/t", "/mnt/t/a", "/mnt/t/a/x", "/mnt/t/ab/y"].map((path) => entry(path, "f", 0o600, 1, 1));
    const { unreadable } = counted(entries, [viewer("a", 2, [2], "/mnt/t/a"), viewer("all", 3, [3], "/mnt")]);
    expect(unreadable.get("a")?.examples).toEqual(["/mnt/t/a", "/mnt/t/a/x"]);
    expect(unreadable.get("all")?.entries).toBe(4);
  });
});

describe("which trees are walked", () => {
  const bind = (Source: string, RW = true, Destination = "/d") => ({ Type: "bind", Source, Destination, RW });
  const of = (name: string, User: string, ...Mounts: object[]) => ({
    container: container(name, { Config: { User }, Mounts: Mounts.map((mount) => ({ ...mount })) }),
    image: image(),
    process_uids: null,
  });
  const mounts: MountPoint[] = [
    { path: "/", source: "x", filesystem: "ext4", acl: null, network: false },
    { path: "/mnt/tank", source: "x", filesystem: "zfs", acl: null, network: false },
    { path: "/mnt/tank/media/tv", source: "x", filesystem: "zfs", acl: "nfsv4", network: false },
    { path: "/mnt/tank/media/far", source: "x", filesystem: "nfs4", acl: null, network: true },
    { path: "/mnt/nas", source: "x", filesystem: "cifs", acl: null, network: true },
  ];
  const plan = (subjects: ReturnType<typeof of>[], network = false, wanted = subjects) => {
    const around: Surroundings = { now_ms: 0, subjects, security_options: [], accounts: null, pools: null };
    return planTrees(wanted, around, { mounts, takes: (path) => /^\/mnt(\/|$)/.test(path), network });
  };

  test("the outermost, each once, with all who have a part of it", () => {
    const [tree, ...none] = plan([
      of("plex", "10:20", bind("/mnt/tank/media", false)),
      of("sonarr", "11", bind("/mnt/tank/media/tv")),
      of("radarr", "12:20", bind("/mnt/tank/media")),
    ]);
    expect(none).toEqual([]);
    expect(tree).toEqual({
      path: "/mnt/tank/media",
      filesystem: "zfs",
      source: "x",
      acl: null,
      // The first that may write: it is nobody's own.
      owner: "radarr",
      viewers: [
        { container: "plex", uid: 10, gids: new Set([20]), writable: false, path: "/mnt/tank/media" },
        { container: "sonarr", uid: 11, gids: null, writable: true, path: "/mnt/tank/media/tv" },
        { container: "radarr", uid: 12, gids: new Set([20]), writable: true, path: "/mnt/tank/media" },
      ],
      passes: ["/mnt/tank/media", "/mnt/tank/media/tv"],
      with_lists: ["/mnt/tank/media/tv"],
      ask_first: ["/mnt/tank/media/far"],
      left_out: null,
    });
  });
  test("a network mount only when it was asked for, and after it answered", () => {
    const far = [of("copy", "10", bind("/mnt/nas/copy"))];
    expect(plan(far)[0]).toMatchObject({
      left_out: "it is on a network mount (cifs); network_mounts walks it",
      ask_first: [],
    });
    expect(plan(far, true)[0]).toMatchObject({ left_out: null, ask_first: ["/mnt/nas"] });
    const near = [of("plex", "10", bind("/mnt/tank/media"))];
    expect(plan(near, true)[0]?.passes).toEqual(["/mnt/tank/media", "/mnt/tank/media/tv", "/mnt/tank/media/far"]);
  });
  test("outside of the roots nothing; settings, sockets and devices are no data", () => {
    const planned = plan([
      of(
        "web",
        "10",
        bind("/opt/web"),
        bind("/etc/localtime"),
        bind("/var/run/docker.sock"),
        bind("/dev/dri"),
        bind("/etc"),
      ),
      of("db", "11", {
        Type: "volume",
        Name: "v",
        Source: "/var/lib/docker/volumes/v/_data",
        Destination: "/v",
        RW: true,
      }),
    ]);
    expect(planned.map(({ path, left_out }) => [path, left_out?.slice(0, 35)])).toEqual([
      ["/opt/web", "it is outside of the host's roots i"],
      ["/var/lib/docker/volumes/v/_data", "it is outside of the host's roots i"],
    ]);
  });
  test("findings belong to whose own folder it is; what can't be read, to who can't", () => {
    const subjects = [
      of("files", "10:10", bind("/mnt/tank/apps/plex")),
      of("plex", "11:11", bind("/mnt/tank/apps/plex", true, "/config")),
    ];
    const [tree] = plan(subjects);
    expect(tree?.owner).toBe("plex");
    const facts = counted(
      [entry("/mnt/tank/apps/plex/a", "f", 0o777), entry("/mnt/tank/apps/plex/b", "f", 0o700, 11)],
      tree?.viewers,
    );
    const report = {
      path: "/mnt/tank/apps/plex",
      source: "x",
      filesystem: "zfs",
      owner: "plex",
      facts,
      acls: null,
      note: null,
    };
    expect(treeFindings("plex", [report])).toEqual([
      {
        check: "world_writable",
        severity: "warning",
        evidence: "1 that all may write in /mnt/tank/apps/plex: /mnt/tank/apps/plex/a",
      },
    ]);
    expect(treeFindings("files", [report]).map(({ check }) => check)).toEqual(["unreadable", "unwritable"]);
    expect(treeFindings("plex", [{ ...report, facts: null }])).toEqual([]);
  });
});
