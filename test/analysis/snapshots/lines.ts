import type { Lineage, LineSnapshot } from "../../../src/systems/zfs/port.ts";

/** A snapshot of tank/data, taken on that day of November 2026. */
export const snapshot = (own: string, day: number, more: Partial<LineSnapshot> = {}): LineSnapshot => ({
  name: `tank/data@${own}`,
  dataset: "tank/data",
  guid: `guid of ${own}`,
  created_at: Date.UTC(2026, 10, day, 2),
  used_bytes: 10,
  referenced_bytes: 1000,
  holds: [],
  clones: [],
  txg: day * 100,
  written_bytes: 100,
  ...more,
});

export const line = (snapshots: readonly LineSnapshot[], more: Partial<Lineage> = {}): Lineage => ({
  pool_guid: "1",
  dataset: "tank/data",
  guid: "2",
  created_at: 3,
  type: "filesystem",
  origin: null,
  below: [],
  referenced_bytes: 1000,
  written_bytes: 7,
  snapshots: [...snapshots],
  bookmarks: [],
  ...more,
});
