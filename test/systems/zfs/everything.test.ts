import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { poolProblems } from "../../../src/analysis/storage/problems.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { withEverything } from "../../../src/systems/zfs/everything.ts";
import type { ErrorMemory, Zfs } from "../../../src/systems/zfs/port.ts";
import { pool } from "../../tools/storage/disk-house.ts";

const hour = 3_600_000;
const start = Date.UTC(2027, 0, 15);
let now = start;
let checksum_errors = 0;

const lists: Omit<Zfs, "everything"> = {
  rules: { hold_tag: null, spaces: true, new_disk_by: "by_id", wipes_replaced: false },
  pools: async () => [pool("sda", checksum_errors)],
  datasets: async () => [],
  snapshots: async () => [],
  snapshot: () => Promise.reject(new Error("not asked")),
  lineage: () => Promise.reject(new Error("not asked")),
  wouldFree: async () => null,
  snapshotTasks: async () => null,
};
const reading = (memory: ErrorMemory): Zfs =>
  withEverything(lists, { now: () => now, monotonic: () => 0, sleep: async () => {} }, memory);

/** What get_storage would say of its errors. */
async function said(zfs: Zfs): Promise<string | undefined> {
  const { pools, earlier } = await zfs.everything();
  const [first] = pools;
  if (first === undefined) throw new Error("one pool was given");
  const view = { pool: first, snapshots: [], datasets: [], earlier: earlier.get(first.guid) ?? null };
  const found = poolProblems(view, now).find(({ what }) => what.endsWith("errors") || what.startsWith("errors"));
  return found && `${found.what}: ${found.evidence}`;
}

let folder: string;
let store: Store;
beforeEach(() => {
  [now, checksum_errors] = [start, 0];
  folder = mkdtempSync(join(tmpdir(), "steward-pools-"));
  store = openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("errors that grow are told after a restart, too", async () => {
  checksum_errors = 3;
  expect(await said(reading(store.pools))).toBe("device errors: sda: 0 read, 0 write, 3 checksum");
  store.close();
  store = openStore(folder);
  now = start + 5 * hour;
  checksum_errors = 7;
  expect(await said(reading(store.pools))).toBe("errors growing: sda: 0 read, 0 write, 7 checksum, 4 more within 5 h");
});

test("counters that were cleared count from there", async () => {
  checksum_errors = 100;
  const zfs = reading(store.pools);
  await said(zfs);
  now += hour;
  checksum_errors = 0;
  expect(await said(zfs)).toBeUndefined();
  now += hour;
  checksum_errors = 2;
  expect(await said(zfs)).toBe("errors growing: sda: 0 read, 0 write, 2 checksum, 2 more within 60 min");
});

test("a reading is what later ones are held against for a day", async () => {
  const zfs = reading(store.pools);
  await said(zfs);
  now += 25 * hour;
  await said(zfs);
  checksum_errors = 1;
  now += hour;
  expect(await said(zfs)).toBe("errors growing: sda: 0 read, 0 write, 1 checksum, 1 more within 60 min");
});

test("a store that can't be used costs the comparison, and nothing else", async () => {
  const broken = (): never => {
    throw new StewardError("refused", "The store can't be used.", "Look at its folder.");
  };
  checksum_errors = 3;
  expect(await said(reading({ before: broken, keep: broken }))).toBe("device errors: sda: 0 read, 0 write, 3 checksum");
});
