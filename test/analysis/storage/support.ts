import type { Dataset, Pool, Scan, Snapshot, Vdev } from "../../../src/systems/zfs/port.ts";

export const now = Date.UTC(2026, 10, 22, 12);
const day_ms = 86_400_000;

export const leaf = (name: string, more: Partial<Vdev> = {}): Vdev => ({
  name,
  type: "disk",
  class: "data",
  guid: `1${[...name].map((c) => c.charCodeAt(0)).join("")}`,
  state: "online",
  path: `/dev/${name}1`,
  disk: name,
  read_errors: 0,
  write_errors: 0,
  checksum_errors: 0,
  ashift: 12,
  children: [],
  ...more,
});

export const group = (type: string, children: Vdev[], more: Partial<Vdev> = {}): Vdev =>
  leaf(`${type}-0`, { type, path: null, disk: null, children, ...more });

export const scrubbed = (days: number, more: Partial<Scan> = {}): Scan => ({
  function: "scrub",
  state: "finished",
  started_at: now - days * day_ms - 3_600_000,
  ended_at: now - days * day_ms,
  done_percent: 100,
  eta_s: null,
  errors: 0,
  repaired_bytes: 0,
  ...more,
});

/** A pool with nothing to complain of. */
export const pool = (more: Partial<Pool> = {}): Pool => ({
  name: "tank",
  guid: "1",
  created_at: now - 400 * day_ms,
  state: "online",
  vdevs: [group("mirror", [leaf("sda"), leaf("sdb")])],
  usable_bytes: 10e12,
  used_bytes: 5e12,
  available_bytes: 5e12,
  raw_size_bytes: 11e12,
  fragmentation_percent: 3,
  scan: scrubbed(3),
  data_errors: 0,
  ...more,
});

export const dataset = (name: string, more: Partial<Dataset> = {}): Dataset => ({
  name,
  type: "filesystem",
  created_at: now - 400 * day_ms,
  used_bytes: 1e12,
  available_bytes: 5e12,
  used_by_snapshots_bytes: 0,
  quota_bytes: null,
  refquota_bytes: null,
  compression: "lz4",
  compress_ratio_percent: 100,
  mountpoint: `/${name}`,
  readonly: false,
  encrypted: false,
  ...more,
});

export const snapshotsOf = (of: string, ...ages_s: number[]): Snapshot[] =>
  ages_s.map((age, index) => ({
    name: `${of}@s${index}`,
    dataset: of,
    guid: `${index}`,
    created_at: now - age * 1000,
    used_bytes: 0,
    referenced_bytes: 0,
    holds: [],
    clones: [],
  }));
