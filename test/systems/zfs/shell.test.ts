import { describe, expect, test } from "vitest";
import { StewardError } from "../../../src/shared/errors.ts";
import { zfsOverShell } from "../../../src/systems/zfs/index.ts";
import { degraded, degradedGuids, degradedJson } from "./fixtures.ts";
import { playedShell, type Recording } from "./played-shell.ts";

const rows = (...lines: string[][]) => `${lines.map((line) => line.join("\t")).join("\n")}\n`;

const common: Recording = {
  diskLinks: "by-id/ata-A-part1\t../../sda1\nby-id/ata-S-part1\t../../sdz1\n",
  zpoolList: rows(["tank", "10989346414645424061", "DEGRADED", "8000", "6000", "2000", "17", "75", "-"]),
  zfsList: rows(
    [
      "tank",
      "filesystem",
      "5000",
      "2500",
      "96",
      "0",
      "0",
      "0",
      "lz4",
      "1.00",
      "/tank",
      "off",
      "off",
      "-",
      "-",
      "1764000000",
    ],
    [
      "tank/a b",
      "filesystem",
      "4000",
      "2500",
      "3000",
      "1000",
      "9000",
      "5000",
      "zstd",
      "1.57",
      "none",
      "on",
      "off",
      "-",
      "-",
      "1764000001",
    ],
    // An older program's line: without a time.
    ["tank/vm", "volume", "900", "2500", "900", "0", "-", "-", "off", "1.00", "-", "off", "aes-256-gcm", "900", "-"],
  ),
  zfsSnapshots: rows(
    ["tank/a b@daily-1", "12345678901234567890", "1795341600", "700", "3000", "0", "-"],
    ["tank/a b@daily-2", "8", "1795428000", "0", "3000", "2", "tank/clone,tank/other"],
  ),
  "zfsSnapshotsOf tank/a b": rows(["tank/a b@daily-2", "8", "1795428000", "0", "3000", "2", "tank/clone"]),
  "zfsSnapshot tank/a b@daily-2": rows(["tank/a b@daily-2", "8", "1795428000", "0", "3000", "2", "tank/clone"]),
  "zfsHolds tank/a b@daily-2":
    "tank/a b@daily-2\tkeep\tSun Nov 22 10:00 2026\ntank/a b@daily-2\tmore\tSun Nov 22 10:00 2026\n",
};
const old: Recording = {
  ...common,
  zfsVersion: "zfs-2.2.7-1\nzfs-kmod-2.2.7-1\n",
  zpoolStatus: degraded,
  zpoolStatusGuids: degradedGuids,
};
const current: Recording = { ...common, zfsVersion: "zfs-2.3.9-1\nzfs-kmod-2.3.9-1\n", zpoolStatusJson: degradedJson };
const clock = {
  now: () => Date.UTC(2026, 10, 22, 10) + 21_745_750,
  monotonic: () => 0,
  sleep: async () => {},
};

test("2.2 and 2.3 give the same answer", async () => {
  const before = await zfsOverShell(playedShell(old), clock).pools();
  expect(before).toEqual(await zfsOverShell(playedShell(current), clock).pools());
  expect(before).toMatchObject([
    {
      name: "tank",
      guid: "10989346414645424061",
      state: "degraded",
      used_bytes: 5000,
      available_bytes: 2500,
      usable_bytes: 7500,
      raw_size_bytes: 8000,
      fragmentation_percent: 17,
      data_errors: 3,
      vdevs: [{ name: "mirror-0" }, { name: "mirror-1" }, { class: "log" }, { class: "cache" }, { class: "spare" }],
    },
  ]);
});

test("asks for the version once, and 2.3 for no text", async () => {
  const shell = playedShell(current);
  const zfs = zfsOverShell(shell, clock);
  await zfs.pools();
  await zfs.pools();
  expect(shell.asked.filter((command) => command === "zfsVersion")).toHaveLength(1);
  expect(shell.asked).not.toContain("zpoolStatus");
});

describe("sector sizes", () => {
  // As 2.3.9 tells them of a mirror with a spare: the spare has none, which ends the command with 1.
  const told = {
    code: 1,
    stdout: rows(
      ["root-0", "guid", "15143286182189163844"],
      ["root-0", "ashift", "0"],
      ["mirror-0", "guid", "3611555577755859472"],
      ["mirror-0", "ashift", "12"],
      ["/dev/disk/by-id/ata-A-part1", "guid", "266065464696500561"],
      ["/dev/disk/by-id/ata-A-part1", "ashift", "9"],
    ),
    stderr: "cannot get vdev property guid from ata-S in tank: invalid argument for this pool operation\n",
  };
  const seen = async (recording: Recording) => {
    const [pool] = await zfsOverShell(playedShell(recording), clock).pools();
    return pool?.vdevs.slice(0, 2).map(({ ashift, children }) => [ashift, children[0]?.ashift]);
  };

  test("of every vdev that has one", async () => {
    const shown = [
      [12, 9],
      [null, null],
    ];
    expect(await seen({ ...current, "zpoolAshifts tank": told })).toEqual(shown);
    expect(await seen({ ...old, "zpoolAshifts tank": told })).toEqual(shown);
  });

  test("of none where the version, or the owner's own rules, know no such question", async () => {
    const none = [
      [null, null],
      [null, null],
    ];
    expect(await seen({ ...old, "zpoolAshifts tank": { code: 2, stderr: "bad property list\n" } })).toEqual(none);
    const refused = new StewardError("refused", "It may not.", "Let it.");
    expect(await seen({ ...current, "zpoolAshifts tank": refused })).toEqual(none);
  });
});

test("a machine that can't tell where its links lead knows the kernel's names only", async () => {
  const disksOf = async (diskLinks: Recording[string]) => {
    const [pool] = await zfsOverShell(playedShell({ ...current, diskLinks }), clock).pools();
    return [pool?.vdevs[0]?.children[0]?.disk, pool?.vdevs[2]?.disk];
  };
  expect(await disksOf(new StewardError("unsupported", "There is no find.", "Install it."))).toEqual([null, "nvme2n1"]);
  expect(await disksOf({ code: 1, stderr: "find: -printf: unknown primary" })).toEqual([null, "nvme2n1"]);
  const gone = new StewardError("unreachable", "It is off.", "Switch it on.");
  await expect(disksOf(gone)).rejects.toMatchObject({ code: "unreachable" });
});

test("a pool without datasets to list, as one that is suspended, has no space rather than no line", async () => {
  const zfs = zfsOverShell(playedShell({ ...current, zfsList: "" }), clock);
  expect(await zfs.pools()).toMatchObject([{ name: "tank", usable_bytes: 0 }]);
});

test("pools that keep changing while they are read are no answer", async () => {
  const zfs = zfsOverShell(playedShell({ ...old, zpoolStatusGuids: "no pools available\n" }), clock);
  await expect(zfs.pools()).rejects.toMatchObject({ code: "conflict" });
});

test("datasets", async () => {
  expect(await zfsOverShell(playedShell(current)).datasets()).toEqual([
    {
      name: "tank",
      type: "filesystem",
      created_at: 1_764_000_000_000,
      used_bytes: 5000,
      available_bytes: 2500,
      used_by_snapshots_bytes: 0,
      quota_bytes: null,
      refquota_bytes: null,
      compression: "lz4",
      compress_ratio_percent: 100,
      mountpoint: "/tank",
      readonly: false,
      encrypted: false,
    },
    {
      name: "tank/a b",
      type: "filesystem",
      created_at: 1_764_000_001_000,
      used_bytes: 4000,
      available_bytes: 2500,
      used_by_snapshots_bytes: 1000,
      quota_bytes: 9000,
      refquota_bytes: 5000,
      compression: "zstd",
      compress_ratio_percent: 157,
      mountpoint: null,
      readonly: true,
      encrypted: false,
    },
    {
      name: "tank/vm",
      type: "volume",
      created_at: null,
      used_bytes: 900,
      available_bytes: 2500,
      used_by_snapshots_bytes: 0,
      quota_bytes: null,
      refquota_bytes: null,
      compression: "off",
      compress_ratio_percent: 100,
      mountpoint: null,
      readonly: false,
      encrypted: true,
    },
  ]);
});

describe("snapshots", () => {
  const first = {
    name: "tank/a b@daily-1",
    dataset: "tank/a b",
    guid: "12345678901234567890",
    created_at: Date.UTC(2026, 10, 22, 10),
    used_bytes: 700,
    referenced_bytes: 3000,
    holds: [],
    clones: [],
  };

  test("all, without asking for holds", async () => {
    const shell = playedShell(current);
    const [one, two] = await zfsOverShell(shell).snapshots({});
    expect(one).toEqual(first);
    expect(two).toMatchObject({ guid: "8", holds: [], clones: ["tank/clone", "tank/other"] });
    expect(shell.asked).toEqual(["zfsSnapshots"]);
  });

  test("of one dataset, one by its name, with the holds of those that have some", async () => {
    const zfs = zfsOverShell(playedShell(current));
    const held = { name: "tank/a b@daily-2", holds: ["keep", "more"], clones: ["tank/clone"] };
    expect(await zfs.snapshots({ dataset: "tank/a b", details: true })).toMatchObject([held]);
    expect(await zfs.snapshot("tank/a b@daily-2")).toMatchObject(held);
    expect(await zfs.snapshotTasks()).toBeNull();
  });

  test("10,000 come as they are", async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => [
      `tank/d${i % 40}@s${i}`,
      `${i}`,
      "1795341600",
      "1",
      "2",
      "0",
      "-",
    ]);
    const found = await zfsOverShell(playedShell({ zfsSnapshots: rows(...lines) })).snapshots({});
    expect(found).toHaveLength(10_000);
    expect(found.at(-1)).toMatchObject({ name: "tank/d39@s9999", dataset: "tank/d39" });
  });
});

test.each([
  ["not_found", "cannot open 'tank/x': dataset does not exist\n"],
  ["refused", "cannot open '/dev/zfs': Permission denied\n"],
  ["unsupported", "The ZFS modules cannot be auto-loaded.\nTry running 'modprobe zfs'\n"],
  ["unsupported", "The ZFS modules are not loaded.\nTry running '/sbin/modprobe zfs' as root to load them.\n"],
  ["wrong_answer", "internal error: out of memory\n"],
])("%s, in our own words", async (code, stderr) => {
  const zfs = zfsOverShell(playedShell({ zfsList: { code: 1, stderr } }));
  await expect(zfs.datasets()).rejects.toMatchObject({ code, message: expect.not.stringContaining("tank") });
});

test("a name that ZFS would not allow is no answer", async () => {
  const zfs = zfsOverShell(playedShell({ zfsList: rows(["tank/$(x)", "filesystem", "1", "1"]) }));
  await expect(zfs.datasets()).rejects.toMatchObject({ code: "wrong_answer" });
});

describe("all at once", () => {
  test("remembers a reading for a day, so that can be told what grows", async () => {
    let now = clock.now();
    const zfs = zfsOverShell(playedShell(current), { ...clock, now: () => now });
    const first = await zfs.everything();
    expect(first).toMatchObject({ pools: [{ name: "tank" }], tasks: null, earlier: new Map() });
    expect(first.snapshots).toHaveLength(2);
    const [start, hour] = [now, 3_600_000];
    const earlierAfter = async (hours: number) => {
      now = start + hours * hour;
      return [...(await zfs.everything()).earlier.values()][0]?.at;
    };
    expect([await earlierAfter(1), await earlierAfter(24), await earlierAfter(25)]).toEqual([
      start,
      start,
      start + 24 * hour,
    ]);
  });

  test("goes without the snapshots where they can't be listed, not without the pools", async () => {
    const late = { code: 1, stderr: "out of memory" };
    const { zfsSnapshots: _, ...others } = current;
    expect(await zfsOverShell(playedShell(others), clock).everything()).toMatchObject({ snapshots: null });
    await expect(zfsOverShell(playedShell({ ...current, zfsList: late }), clock).everything()).rejects.toMatchObject({
      code: "wrong_answer",
    });
  });
});
