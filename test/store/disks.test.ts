import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { DiskSample } from "../../src/store/disks.ts";
import { openStore, type Store } from "../../src/store/open.ts";

const day = 86_400_000;
const disk = { model: "ST4000VN008", serial: "ZGY1" };
const sample = (at: number, more: Partial<DiskSample> = {}): DiskSample => ({
  at,
  power_on_hours: 100,
  reallocated: 0,
  uncorrectable: 0,
  command_timeouts: null,
  unreadable: 0,
  link_errors: 3,
  wear_percent: null,
  spare_percent: null,
  temperature_c: 30,
  ...more,
});

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-disks-"));
  store = openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

it("keeps one row a day: the last counters, the mean and the highest temperature", () => {
  store.disks.add(disk, sample(10 * day, { temperature_c: 30 }));
  store.disks.add(disk, sample(10 * day + 1_000, { temperature_c: 41, reallocated: 8 }));
  store.disks.add(disk, sample(10 * day + 2_000, { temperature_c: null, reallocated: 8 }));
  store.disks.add(disk, sample(11 * day, { temperature_c: null, unreadable: null }));
  expect(store.disks.days(disk, 0)).toEqual([
    { ...sample(10 * day + 2_000), reallocated: 8, temperature_c: 36, temperature_max_c: 41 },
    { ...sample(11 * day), unreadable: null, temperature_c: null, temperature_max_c: null },
  ]);
  expect(store.disks.days(disk, 10 * day + 3_000)).toHaveLength(1);
});

it("lets neither an older sample nor one that says less take a counter back within a day", () => {
  store.disks.add(disk, sample(10 * day + 2_000, { reallocated: 8 }));
  store.disks.add(disk, sample(10 * day + 1_000, { reallocated: 2 }));
  store.disks.add(disk, sample(10 * day + 3_000, { reallocated: null }));
  expect(store.disks.days(disk, 0)).toMatchObject([{ reallocated: 8, at: 10 * day + 3_000 }]);
});

it("keeps disks apart by serial and model, and survives a restart", () => {
  store.disks.add(disk, sample(day));
  store.disks.add({ ...disk, serial: "ZGY2" }, sample(2 * day));
  store.close();
  store = openStore(folder);
  expect(store.disks.days(disk, 0).map(({ at }) => at)).toEqual([day]);
  expect(store.disks.days({ ...disk, serial: "ZGY2" }, 0).map(({ at }) => at)).toEqual([2 * day]);
  expect(store.disks.days({ ...disk, model: "other" }, 0)).toEqual([]);
});

it("remembers what was accepted, and takes it back", () => {
  const baseline = {
    at: 5 * day,
    reallocated: 8,
    uncorrectable: 0,
    command_timeouts: null,
    unreadable: 0,
    link_errors: 3,
  };
  expect(store.disks.baseline(disk)).toBeNull();
  store.disks.setBaseline(disk, { ...baseline, reallocated: 2 });
  store.disks.setBaseline(disk, baseline);
  store.disks.add(disk, sample(6 * day));
  expect(store.disks.baseline(disk)).toEqual(baseline);
  expect(store.disks.baseline({ ...disk, serial: "ZGY2" })).toBeNull();
  store.disks.setBaseline(disk, null);
  expect(store.disks.baseline(disk)).toBeNull();
});
