/** Pools, datasets and snapshots of one host: the same shapes through TrueNAS, `zpool -j` (2.3) and tabular output (2.1/2.2). */

export type VdevState =
  | "online"
  | "degraded"
  | "faulted"
  | "offline"
  | "unavail"
  | "removed"
  | "available"
  | "in_use"
  | "unknown";
export type VdevClass = "data" | "special" | "dedup" | "log" | "cache" | "spare";

export interface Vdev {
  /** "mirror-0", "sda1", a by-id name, or a guid where the device is missing. No character but [\w.:@+-]. */
  name: string;
  /** "mirror" "raidz1" "raidz2" "raidz3" "draid" "disk" "file" "replacing" "spare" "missing" */
  type: string;
  class: VdevClass;
  /** Decimal string: 64 bits do not fit a JavaScript number. */
  guid: string;
  state: VdevState;
  /** Device path of a leaf, as ZFS has it. */
  path: string | null;
  /** Kernel name of the disk behind a leaf ("sda"), where it is known. */
  disk: string | null;
  read_errors: number;
  write_errors: number;
  checksum_errors: number;
  /** Sector size exponent (12 = 4 KiB); null where it is not told. */
  ashift: number | null;
  children: Vdev[];
}

export interface Scan {
  function: "scrub" | "resilver";
  state: "running" | "paused" | "finished" | "canceled";
  /** ms since 1970 */
  started_at: number;
  ended_at: number | null;
  done_percent: number;
  /** Seconds to go, by the rate so far; null unless running. */
  eta_s: number | null;
  errors: number;
  /** null where it is not told (TrueNAS). */
  repaired_bytes: number | null;
}

export interface Pool {
  name: string;
  guid: string;
  state: VdevState;
  vdevs: Vdev[];
  /** What can be stored (parity and reserve taken off): of the root dataset, not the raw size. */
  usable_bytes: number;
  used_bytes: number;
  available_bytes: number;
  raw_size_bytes: number;
  fragmentation_percent: number | null;
  scan: Scan | null;
  /** Permanent errors in files, as many as ZFS counts; null where it is not told (TrueNAS). */
  data_errors: number | null;
}

export interface Dataset {
  name: string;
  type: "filesystem" | "volume";
  used_bytes: number;
  available_bytes: number;
  used_by_snapshots_bytes: number;
  /** null: none */
  quota_bytes: number | null;
  refquota_bytes: number | null;
  compression: string;
  /** 150 means 1.50× (whole numbers: they enter plans) */
  compress_ratio_percent: number;
  mountpoint: string | null;
  readonly: boolean;
  encrypted: boolean;
}

export interface Snapshot {
  /** "tank/data@daily-2026-11-22" */
  name: string;
  dataset: string;
  guid: string;
  /** ms since 1970 */
  created_at: number;
  /** What only this snapshot holds. */
  used_bytes: number;
  referenced_bytes: number;
  holds: string[];
  clones: string[];
}

/** A periodic snapshot task of TrueNAS. */
export interface SnapshotTask {
  dataset: string;
  recursive: boolean;
  /** Longest time between two runs, seconds. */
  every_s: number;
  enabled: boolean;
}

export interface EarlierPools {
  /** ms since 1970 */
  at: number;
  pools: readonly Pool[];
}

/** All of one host's ZFS. */
export interface Storage {
  pools: readonly Pool[];
  datasets: readonly Dataset[];
  /** null: they could not be listed. */
  snapshots: readonly Snapshot[] | null;
  /** null: nothing tells of tasks. */
  tasks: readonly SnapshotTask[] | null;
  /** An earlier reading of this process, up to a day old, so that can be told what grows; null at the first. */
  earlier: EarlierPools | null;
}

/**
 * Errors: unreachable, timeout, refused, unsupported, wrong_answer; not_found for a dataset or snapshot that is not there.
 * The connection below (a shell, a TrueNAS) is closed by whoever opened it.
 */
export interface Zfs {
  /** All that there is to judge, read at once. Rejects where the pools or datasets can't be read. */
  everything(signal?: AbortSignal): Promise<Storage>;
  pools(signal?: AbortSignal): Promise<Pool[]>;
  datasets(signal?: AbortSignal): Promise<Dataset[]>;
  /** All, or of one dataset (not its children); 10,000 are normal. `holds` is empty unless details are asked for. */
  snapshots(options: { dataset?: string; details?: boolean }, signal?: AbortSignal): Promise<Snapshot[]>;
  /** With details. */
  snapshot(name: string, signal?: AbortSignal): Promise<Snapshot>;
  /** Null where nothing tells (plain ZFS): then a schedule is inferred from the snapshots themselves. */
  snapshotTasks(signal?: AbortSignal): Promise<SnapshotTask[] | null>;
}
