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
  /** ms since 1970, by its root dataset; null where that can't be read. */
  created_at: number | null;
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
  /** ms since 1970; null where it is not told. */
  created_at: number | null;
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

/** A snapshot with what a plan about it rests on. */
export interface LineSnapshot extends Snapshot {
  /** ZFS's own order in time: two may be of the same second. */
  txg: number;
  /** What was written since the one before it and is in it; null where it is not told. */
  written_bytes: number | null;
}

/** One dataset with all of its own snapshots: what plans about them rest on. */
export interface Lineage {
  pool_guid: string;
  dataset: string;
  /** null where it is not told (TrueNAS): then pool, name and time of creation identify it. */
  guid: string | null;
  /** ms since 1970 */
  created_at: number;
  type: Dataset["type"];
  /** The snapshot it was cloned from. */
  origin: string | null;
  /** Names of the datasets below it. */
  below: string[];
  /** What it refers to itself, without its snapshots. */
  referenced_bytes: number;
  /** What was written since the newest snapshot; null where it is not told (TrueNAS). */
  written_bytes: number | null;
  /** The oldest first, with holds. */
  snapshots: LineSnapshot[];
  /** Marks that replication leaves, at their place in ZFS's order; null where they are not told (TrueNAS). */
  bookmarks: { name: string; txg: number }[] | null;
}

/** What changes are possible this way, known before one is planned. */
export interface ChangeRules {
  /** The tag that every hold gets; null: any (`zfs hold`). */
  hold_tag: string | null;
  /** Whether a name may hold a space: sudo can't tell such a name from two. */
  spaces: boolean;
  /** What `replace` takes a new disk by: its lasting name, or its kernel's. */
  new_disk_by: "by_id" | "name";
  /** Whether a disk that was replaced is wiped. */
  wipes_replaced: boolean;
}

/** A periodic snapshot task of TrueNAS. */
export interface SnapshotTask {
  dataset: string;
  recursive: boolean;
  /** Longest time between two runs, seconds. */
  every_s: number;
  enabled: boolean;
}

/** What the leaves of a pool had counted at an earlier reading. */
export interface EarlierErrors {
  /** ms since 1970 */
  at: number;
  /** Read, write and checksum errors together, by the leaf's guid. */
  counts: Readonly<Record<string, number>>;
}

/** Where earlier readings are kept, by the pool's guid. */
export interface ErrorMemory {
  before(pool: string): EarlierErrors | null;
  keep(pool: string, errors: EarlierErrors): void;
}

/** All of one host's ZFS. */
export interface Storage {
  pools: readonly Pool[];
  datasets: readonly Dataset[];
  /** null: they could not be listed. */
  snapshots: readonly Snapshot[] | null;
  /** null: nothing tells of tasks. */
  tasks: readonly SnapshotTask[] | null;
  /** By the pool's guid: an earlier reading, so that can be told what grows; none at the first. */
  earlier: ReadonlyMap<string, EarlierErrors>;
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
  /** A dataset with its snapshots. */
  lineage(dataset: string, signal?: AbortSignal): Promise<Lineage>;
  /** Bytes that deleting exactly these snapshots of one dataset would free; null where it is not told (TrueNAS). */
  wouldFree(snapshots: readonly string[], signal?: AbortSignal): Promise<number | null>;
  readonly rules: ChangeRules;
  /** Null where nothing tells (plain ZFS): then a schedule is inferred from the snapshots themselves. */
  snapshotTasks(signal?: AbortSignal): Promise<SnapshotTask[] | null>;
}

export type ScrubAction = "start" | "pause" | "stop";

/**
 * What approved steps may do. Errors as in {@link Zfs}, and conflict (exists, held, busy, has dependants, in the wrong
 * state). After unreachable and timeout the change may have been made: only reading tells.
 */
export interface ZfsChanges {
  /** @param recursive of all datasets below as well, at the same moment */
  createSnapshot(name: string, recursive: boolean): Promise<void>;
  hold(snapshot: string, tag: string): Promise<void>;
  /** TrueNAS lets go of every hold at once: there it is a conflict where others hold the snapshot too. */
  release(snapshot: string, tag: string): Promise<void>;
  /** One snapshot; never recursive, never its clones, never with a hold. */
  destroySnapshot(snapshot: string): Promise<void>;
  clone(snapshot: string, dataset: string): Promise<void>;
  /** Conflict for what is no clone, and for a clone with snapshots or datasets below it. */
  destroyClone(dataset: string): Promise<void>;
  /** Only to the newest snapshot of its dataset: newer ones are destroyed one by one, each as its own step. */
  rollback(snapshot: string): Promise<void>;
  /** "start" also takes up a paused one. Returns when it has begun, not when it is over. */
  scrub(pool: string, action: ScrubAction): Promise<void>;
  offline(pool: string, leafGuid: string): Promise<void>;
  online(pool: string, leafGuid: string): Promise<void>;
  /**
   * Returns when the resilver has begun.
   *
   * @param newDevice over a shell a name in /dev/disk/by-id, through TrueNAS the name of an unused disk ("sdi")
   */
  replace(pool: string, leafGuid: string, newDevice: string): Promise<void>;
}
