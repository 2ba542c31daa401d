import { describe, expect, it } from "vitest";
import { findLeaf, spareDisks } from "../../../src/analysis/storage/leaves.ts";
import {
  checkNewDisk,
  checkOffline,
  judgeLeaf,
  judgeReplacement,
  offlineChange,
} from "../../../src/analysis/storage/replace.ts";
import type { Pool, Scan, Vdev, VdevState } from "../../../src/systems/zfs/port.ts";

const vdev = (name: string, type: string, children: Vdev[] = [], more: Partial<Vdev> = {}): Vdev => ({
  name,
  type,
  class: "data",
  guid: `guid-${name}`,
  state: "online",
  path: null,
  disk: null,
  read_errors: 0,
  write_errors: 0,
  checksum_errors: 0,
  ashift: 12,
  children,
  ...more,
});
const leaf = (disk: string, state: VdevState = "online", more: Partial<Vdev> = {}): Vdev =>
  vdev(`${disk}1`, "disk", [], { disk, state, path: `/dev/${disk}1`, ...more });
const mirror = (...leaves: Vdev[]) => vdev("mirror-0", "mirror", leaves);
const raidz = (parity: 1 | 2, ...leaves: Vdev[]) => vdev("raidz-0", `raidz${parity}`, leaves);
const pool = (vdevs: Vdev[], more: Partial<Pool> = {}): Pool => ({
  name: "tank",
  guid: "9",
  state: "online",
  vdevs,
  usable_bytes: 1,
  used_bytes: 0,
  available_bytes: 1,
  raw_size_bytes: 1,
  fragmentation_percent: 0,
  scan: null,
  data_errors: 0,
  created_at: null,
  ...more,
});
const scan = (more: Partial<Scan>): Scan => ({
  function: "resilver",
  state: "running",
  started_at: 1,
  ended_at: null,
  done_percent: 40,
  eta_s: 7200,
  errors: 0,
  repaired_bytes: null,
  ...more,
});
const offline = (vdevs: Vdev[], disk: string, more: Partial<Pool> = {}) =>
  checkOffline(findLeaf([pool(vdevs, more)], disk));

describe("which disk is meant", () => {
  const pools = [pool([mirror(leaf("sda"), leaf("sdb")), vdev("17", "missing", [], { state: "unavail" })])];
  it("by kernel name, by its name in the pool, by its guid, and where it is gone", () => {
    for (const name of ["sda", "sda1", "guid-sda1"]) expect(findLeaf(pools, name).leaf.disk).toBe("sda");
    expect(findLeaf(pools, "17").leaf.state).toBe("unavail");
    expect(() => findLeaf(pools, "sdz")).toThrow("No pool has that disk.");
  });

  it("never one of two", () => {
    const two = [pool([leaf("sda")]), pool([leaf("sda", "online", { name: "sda2", guid: "2" })], { name: "other" })];
    expect(() => findLeaf(two, "sda")).toThrow("Several parts of that disk are in pools.");
    expect(findLeaf(two, "2").pool.name).toBe("other");
  });
});

describe("taking a disk offline", () => {
  it("is fine where the vdev is whole and can spare one", () => {
    expect(offline([mirror(leaf("sda"), leaf("sdb"))], "sda")).toBeUndefined();
    expect(offline([raidz(1, leaf("sda"), leaf("sdb"), leaf("sdc"))], "sda")).toBeUndefined();
    expect(offline([raidz(2, leaf("sda"), leaf("sdb"), leaf("sdc"), leaf("sdd"))], "sda")).toBeUndefined();
  });

  it.each<[string, Vdev[], string]>([
    ["the only disk of its vdev", [leaf("sda")], "The pool is lost without sda: its vdev has no redundancy."],
    [
      "a raidz1 that has lost a disk",
      [raidz(1, leaf("sda"), leaf("sdb", "faulted"), leaf("sdc"))],
      "raidz-0 has lost a disk already: without sda the pool would be lost.",
    ],
    [
      "a mirror that has lost a disk",
      [mirror(leaf("sda"), leaf("sdb", "offline"))],
      "mirror-0 has lost a disk already: without sda the pool would be lost.",
    ],
    [
      "a raidz2 with another disk gone, though it could bear it",
      [raidz(2, leaf("sda"), leaf("sdb", "unavail"), leaf("sdc"), leaf("sdd"))],
      "Other disks of raidz-0 are not well: sdb.",
    ],
    [
      "a mirror whose other disk counts errors",
      [mirror(leaf("sda"), leaf("sdb", "online", { checksum_errors: 3 }))],
      "Other disks of mirror-0 are not well: sdb.",
    ],
    ["dRAID, of which nothing is told", [vdev("draid1-0", "draid", [leaf("sda"), leaf("sdb")])], "dRAID"],
    ["a spare", [{ ...leaf("sda"), class: "spare" }], "A spare disk holds nothing that has to be kept."],
    ["one that is offline", [mirror(leaf("sda", "offline"), leaf("sdb"))], "sda is offline already."],
    [
      "one that is being replaced",
      [mirror(vdev("replacing-0", "replacing", [leaf("sda"), leaf("sdc")]), leaf("sdb"))],
      "That disk is being replaced already.",
    ],
  ])("is refused for %s", (_, vdevs, why) => {
    expect(() => offline(vdevs, "sda")).toThrow(why);
  });

  it("costs nothing more where the disk has failed already", () => {
    expect(offline([mirror(leaf("sda", "faulted"), leaf("sdb"))], "sda", { state: "degraded" })).toBeUndefined();
    const place = findLeaf([pool([raidz(2, leaf("sda", "faulted"), leaf("sdb"), leaf("sdc"))])], "sda");
    expect(offlineChange(place)).toBe("raidz-0 of tank: 1 more disk may fail → 1 more disk");
  });

  it("says what is left", () => {
    const place = findLeaf([pool([mirror(leaf("sda"), leaf("sdb"))])], "sda");
    expect(offlineChange(place)).toBe("mirror-0 of tank: 1 more disk may fail → none more");
  });

  it("waits for a resilver, and touches no pool that is not usable", () => {
    const vdevs = [mirror(leaf("sda"), leaf("sdb"))];
    expect(() => offline(vdevs, "sda", { scan: scan({}) })).toThrow(
      "tank is resilvering: 40 % is done, about 2 h to go.",
    );
    expect(offline(vdevs, "sda", { scan: scan({ state: "finished" }) })).toBeUndefined();
    expect(offline(vdevs, "sda", { scan: scan({ function: "scrub" }) })).toBeUndefined();
    expect(() => offline(vdevs, "sda", { state: "faulted" })).toThrow("tank is not usable now.");
  });

  it("counts a spare that stands in as a disk that works", () => {
    const standing = vdev("spare-1", "spare", [leaf("sdb", "faulted"), leaf("sdx")], { state: "degraded" });
    expect(spareDisks(raidz(1, leaf("sda"), standing, leaf("sdc")))).toBe(1);
    expect(spareDisks(raidz(1, leaf("sda"), leaf("sdb", "faulted"), leaf("sdc")))).toBe(0);
  });
});

describe("the new disk", () => {
  const pools = [pool([mirror(leaf("sda"), leaf("sdb")), { ...leaf("sds"), class: "spare" }])];
  const next = { name: "sdc", size_bytes: 4000, contents: { is: "blank" as const, why: "it has no partition" } };
  const used = { is: "used" as const, why: "it has 2 partitions or volumes" };

  it("is empty, nobody's, and as large", () => {
    expect(checkNewDisk(next, pools, 4000)).toBeUndefined();
    expect(checkNewDisk(next, pools, null)).toBeUndefined();
  });

  it.each([
    ["smaller by a byte", next, 4001, "sdc is smaller than what it would replace: 4000 of 4001 bytes."],
    ["in a pool", { ...next, name: "sdb" }, 4000, "sdb is in pool tank already."],
    ["a spare", { ...next, name: "sds" }, 4000, "sds is in pool tank already, as a spare."],
    ["not empty", { ...next, contents: used }, 4000, "sdc is not empty: it has 2 partitions or volumes."],
    ["of unknown size", { ...next, size_bytes: null }, null, "How large sdc is is not told."],
  ])("is refused when it is %s", (_, disk, least, why) => {
    expect(() => checkNewDisk(disk, pools, least)).toThrow(why);
  });
});

describe("where it stands", () => {
  const wish = { guid: "guid-sda1", disk: "sdc", device: "ata-C" };
  const is = (vdevs: Vdev[], more: Partial<Pool> = {}) => judgeReplacement(wish, pool(vdevs, more));

  it("replaced: the new disk is beside the old one, or alone in its place", () => {
    const both = [mirror(vdev("replacing-0", "replacing", [leaf("sda"), leaf("sdc")]), leaf("sdb"))];
    expect(is(both, { scan: scan({}) })).toEqual({
      is: "after",
      why: "sdc is in mirror-0 of tank, resilvering: 40 % done, about 2 h to go.",
    });
    expect(is([mirror(leaf("sdc"), leaf("sdb"))])).toEqual({ is: "after", why: "sdc is in mirror-0 of tank, online." });
    const byId = leaf("sdq", "online", { path: "/dev/disk/by-id/ata-C-part1" });
    expect(is([mirror(byId, leaf("sdb"))]).is).toBe("after");
  });

  it("not replaced, and neither", () => {
    expect(is([mirror(leaf("sda"), leaf("sdb"))])).toEqual({
      is: "before",
      why: "sda is in mirror-0 as before, sdc is not.",
    });
    expect(is([mirror(leaf("sdb"), leaf("sdd"))]).is).toBe("neither");
    expect(is([mirror(leaf("sda"), leaf("sdb")), mirror(leaf("sdc"), leaf("sde"))]).is).toBe("neither");
    expect(judgeReplacement(wish, undefined).is).toBe("neither");
  });

  it("offline and online, by the leaf", () => {
    expect(judgeLeaf("offline", "online", leaf("sda", "offline")).is).toBe("after");
    expect(judgeLeaf("offline", "online", leaf("sda")).is).toBe("before");
    expect(judgeLeaf("offline", "online", leaf("sda", "removed")).is).toBe("neither");
    expect(judgeLeaf("online", "offline", leaf("sda", "degraded")).is).toBe("after");
    expect(judgeLeaf("online", "offline", undefined).is).toBe("neither");
  });
});
