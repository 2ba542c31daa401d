import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PoolView, poolProblems } from "../../../src/analysis/storage/problems.ts";
import type { DatasetSnapshots } from "../../../src/analysis/storage/snapshots.ts";
import type { Pool } from "../../../src/systems/zfs/port.ts";
import { dataset, group, leaf, now, pool, scrubbed } from "./support.ts";

const fresh: DatasetSnapshots = {
  dataset: "tank/a",
  count: 3,
  newest_age_s: 60,
  every_s: 3600,
  schedule: "task",
  overdue: false,
};
const look = (changed: Partial<Pool>, view: Partial<PoolView> = {}) =>
  poolProblems({ pool: pool(changed), snapshots: [fresh], datasets: [], earlier: null, ...view }, now).map(
    ({ severity, what, evidence }) => `${severity}: ${what}: ${evidence}`,
  );

test("a sound pool has no problem", () => {
  expect(look({})).toEqual([]);
});

describe("state", () => {
  test("degraded, with the disk that is gone and the spare that stands in", () => {
    const gone = leaf("17338413593012835318", { type: "missing", state: "unavail", disk: null });
    const spare = leaf("sdz", { class: "spare", state: "in_use" });
    const vdevs = [group("mirror", [leaf("sda"), group("spare", [gone, leaf("sdz")])]), spare];
    expect(look({ state: "degraded", vdevs })).toEqual([
      "critical: degraded: 17338413593012835318 is unavail",
      "warning: spare in use: sdz stands in for a failed disk",
    ]);
  });

  test("suspended or faulted is not usable", () => {
    expect(look({ state: "faulted" })).toEqual(["critical: not usable: its state is faulted"]);
    expect(look({ state: "unknown" })).toEqual(["critical: not usable: its state is unknown"]);
  });

  test("a cache that is gone leaves the pool online, and is said", () => {
    const cache = leaf("nvme0n1", { class: "cache", state: "removed" });
    expect(look({ vdevs: [...pool().vdevs, cache] })).toEqual(["warning: device down: nvme0n1 is removed"]);
  });

  test("a spare that waits is no problem", () => {
    const spare = leaf("sdz", { class: "spare", state: "available" });
    expect(look({ vdevs: [...pool().vdevs, spare] })).toEqual([]);
  });
});

describe("errors", () => {
  const with_ = (read: number, checksum: number) =>
    pool({ vdevs: [group("mirror", [leaf("sda", { read_errors: read, checksum_errors: checksum }), leaf("sdb")])] });

  test("of a device, where nothing earlier is known", () => {
    expect(look(with_(3, 136))).toEqual(["warning: device errors: sda: 3 read, 0 write, 136 checksum"]);
  });

  test("that grew since the earlier reading, stood still, or were cleared", () => {
    const sda = leaf("sda").guid;
    const earlier = (read: number, checksum: number) => ({
      earlier: { at: now - 5 * 3_600_000, counts: { [sda]: read + checksum } },
    });
    expect(look(with_(3, 136), earlier(2, 135))).toEqual([
      "critical: errors growing: sda: 3 read, 0 write, 136 checksum, 2 more within 5 h",
    ]);
    expect(look(with_(3, 136), earlier(3, 136))).toEqual([
      "warning: device errors: sda: 3 read, 0 write, 136 checksum",
    ]);
    expect(look(with_(0, 0), earlier(3, 136))).toEqual([]);
  });

  test("in files", () => {
    expect(look({ data_errors: 2 })).toEqual(["critical: permanent errors: 2 in files; zpool status -v names them"]);
    expect(look({ data_errors: null })).toEqual([]);
  });
});

describe("scrubs and resilvers", () => {
  test("35 days are in time, 36 are not; cancelled and never", () => {
    expect(look({ scan: scrubbed(35) })).toEqual([]);
    expect(look({ scan: scrubbed(36) })).toEqual([
      "warning: scrub overdue: the last one ended 36 days ago (35 are usual)",
    ]);
    expect(look({ scan: scrubbed(50, { state: "canceled" }) })).toEqual([
      "warning: scrub overdue: the last one was cancelled 50 days ago (35 are usual)",
    ]);
    expect(look({ scan: null })).toEqual(["warning: scrub overdue: no scrub on record"]);
    const new_ = (days: number) => look({ scan: null, created_at: now - days * 86_400_000 });
    expect(new_(35)).toEqual([]);
    expect(new_(36)).toEqual(["warning: scrub overdue: no scrub on record"]);
    expect(look({ scan: null, created_at: null })).toEqual(["warning: scrub overdue: no scrub on record"]);
  });

  test("one that found what it could not repair", () => {
    expect(look({ scan: scrubbed(1, { errors: 4 }) })).toEqual([
      "critical: scrub found errors: 4 that could not be repaired",
    ]);
  });

  test("one that runs is none, one that is paused is worth a word", () => {
    expect(look({ scan: scrubbed(0, { state: "running", ended_at: null, done_percent: 40 }) })).toEqual([]);
    expect(look({ scan: scrubbed(0, { state: "paused", ended_at: null, done_percent: 40 }) })).toEqual([
      "info: scrub paused: at 40 %",
    ]);
  });

  test("a resilver that runs; one that ended hides when the last scrub was", () => {
    const resilver = { function: "resilver", ended_at: null, done_percent: 12.5 } as const;
    expect(look({ scan: scrubbed(0, { ...resilver, state: "running", eta_s: 9_000 }) })).toEqual([
      "warning: resilver running: 12.5 % done, about 3 h to go",
    ]);
    expect(look({ scan: scrubbed(90, { function: "resilver" }) })).toEqual([]);
  });
});

describe("space", () => {
  const filled = (percent: number) => ({ used_bytes: percent * 1e11, available_bytes: (100 - percent) * 1e11 });
  test("by what can be stored: above 80 and above 90 percent", () => {
    expect(look(filled(80))).toEqual([]);
    expect(look(filled(81))).toEqual(["warning: filling up: 81 % of 10.0 TB used, 1.9 TB free"]);
    expect(look(filled(90))).toEqual(["warning: filling up: 90 % of 10.0 TB used, 1.0 TB free"]);
    expect(look(filled(91))).toEqual(["critical: nearly full: 91 % of 10.0 TB used, 900 GB free"]);
  });

  test("that only snapshots hold", () => {
    const holding = (...held: number[]) => ({
      datasets: held.map((used_by_snapshots_bytes, at) => dataset(`tank/d${at}`, { used_by_snapshots_bytes })),
    });
    expect(look({}, holding(1e12, 1e12))).toEqual([]);
    expect(look({}, holding(0.5e12, 2e12))).toEqual([
      "info: snapshots hold space: 2.5 TB, 25 % of the pool, most of it (2.0 TB) in tank/d1; manage_snapshots deletes old ones",
    ]);
  });
});

describe("how it is built", () => {
  test("without redundancy: a single disk, a striped special; a log or cache may be single", () => {
    expect(look({ vdevs: [leaf("sda")] })).toEqual(["warning: no redundancy: the pool is lost with sda"]);
    const special = leaf("nvme0n1", { class: "special" });
    expect(look({ vdevs: [...pool().vdevs, special] })).toEqual([
      "warning: no redundancy: the pool is lost with nvme0n1",
    ]);
    const log = leaf("nvme1n1", { class: "log" });
    expect(look({ vdevs: [...pool().vdevs, log] })).toEqual([]);
    expect(look({ vdevs: [group("draid", [leaf("sda"), leaf("sdb")])] })).toEqual([]);
  });

  test("mixed ashift, where it is told", () => {
    const old = group("mirror", [leaf("sdc"), leaf("sdd")], { ashift: 9 });
    expect(look({ vdevs: [...pool().vdevs, old] })).toEqual(["info: mixed ashift: vdevs with ashift 9 and 12"]);
    expect(look({ vdevs: [...pool().vdevs, { ...old, ashift: null }] })).toEqual([]);
  });
});

describe("snapshots", () => {
  test("none at all, and late ones with the worst named", () => {
    const none = { ...fresh, count: 0, newest_age_s: null, every_s: null, schedule: null };
    expect(look({}, { snapshots: null })).toEqual(["warning: snapshots unread: they could not be listed"]);
    expect(look({}, { snapshots: [none] })).toEqual(["warning: no snapshots: no dataset of it has one"]);
    const late = { ...fresh, overdue: true, newest_age_s: 7_200 };
    expect(look({}, { snapshots: [fresh, late] })).toEqual([
      "warning: snapshots late: the newest of tank/a is 2 h old, one is due every 60 min",
    ]);
    const never = { ...late, dataset: "tank/b", newest_age_s: null };
    expect(look({}, { snapshots: [fresh, late, never] })).toEqual([
      "warning: snapshots late: tank/b has none, one is due every 60 min and 1 more",
    ]);
  });
});

test("the worst comes first, whatever there is", () => {
  const weight = { critical: 0, warning: 1, info: 2 };
  const any = fc.record({
    state: fc.constantFrom("online", "degraded", "faulted" as const),
    used: fc.integer({ min: 0, max: 100 }),
    errors: fc.integer({ min: 0, max: 5 }),
    days: fc.integer({ min: 0, max: 90 }),
  });
  fc.assert(
    fc.property(any, ({ state, used, errors, days }) => {
      const vdevs = [leaf("sda", { checksum_errors: errors })];
      const made = pool({ state, vdevs, scan: scrubbed(days, { errors }), used_bytes: used, usable_bytes: 100 });
      const found = poolProblems({ pool: made, snapshots: [], datasets: [], earlier: null }, now);
      const order = found.map(({ severity }) => weight[severity]);
      expect(order).toEqual(order.toSorted());
      expect(new Set(found.map(({ what }) => what)).size).toBe(found.length);
    }),
  );
});
