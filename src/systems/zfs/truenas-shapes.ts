import { z } from "zod";
import { clonesOf, ratioOf } from "./lists.ts";
import { datasetName, plainName, poolName, snapshotName } from "./names.ts";
import type { Dataset, Lineage, LineSnapshot, Pool, Scan, Snapshot, SnapshotTask, Vdev, VdevClass } from "./port.ts";
import { longestGapSeconds } from "./schedule.ts";
import { classOf, stateOf } from "./vdev.ts";

/** The parts of TrueNAS's answers that we depend on (24.04 to 26). */
const count = z.number().int().min(0);
const bytes = z.object({ parsed: z.number().nullable() });
/** Absent where a kind of dataset has no such property. */
const optionalBytes = bytes.nullish();
const word = z.object({ parsed: z.unknown(), rawvalue: z.string().nullable() });

interface Node {
  name: string;
  type: string;
  guid: string;
  status: string;
  path?: string | null | undefined;
  disk?: string | null | undefined;
  stats?:
    | { read_errors: number; write_errors: number; checksum_errors: number; configured_ashift?: number | undefined }
    | null
    | undefined;
  children: Node[];
}
const node: z.ZodType<Node> = z.object({
  name: z.string(),
  type: z.string(),
  guid: z.string(),
  status: z.string(),
  path: z.string().nullish(),
  disk: z.string().nullish(),
  stats: z
    .object({
      read_errors: count,
      write_errors: count,
      checksum_errors: count,
      configured_ashift: z.number().optional(),
    })
    .nullish(),
  get children() {
    return z.array(node);
  },
});

const scan = z.object({
  function: z.string().nullable(),
  state: z.string().nullable(),
  start_time: z.number().nullable(),
  end_time: z.number().nullable(),
  percentage: z.number().nullable(),
  pause: z.number().nullish(),
  errors: z.number().nullable(),
  total_secs_left: z.number().nullish(),
});

export const truenasPools = z.array(
  z.object({
    name: poolName,
    guid: z.string(),
    status: z.string(),
    size: z.number().nullable(),
    fragmentation: z.string().nullish(),
    scan: scan.nullable(),
    // Null where the pool is offline.
    topology: z.record(z.string(), z.array(node)).nullable(),
  }),
);
type TrueNasPool = z.output<typeof truenasPools>[number];

const datasetShape = z.object({
  name: datasetName,
  type: z.string(),
  encrypted: z.boolean(),
  mountpoint: z.string().nullish(),
  used: bytes,
  available: bytes,
  usedbysnapshots: bytes,
  usedbydataset: optionalBytes,
  creation: z.object({ rawvalue: z.string() }).nullish(),
  origin: z.object({ rawvalue: z.string().nullable() }).nullish(),
  quota: optionalBytes,
  refquota: optionalBytes,
  compression: word.nullish(),
  compressratio: word.nullish(),
  readonly: word.nullish(),
});
type Nested = z.output<typeof datasetShape> & { children: Nested[] };
const nested: z.ZodType<Nested> = datasetShape.extend({
  get children() {
    return z.array(nested);
  },
});
export const truenasDatasets = z.array(nested);

export const truenasSnapshots = z.array(
  z.object({
    name: snapshotName,
    dataset: datasetName,
    createtxg: z.string(),
    properties: z.object({
      creation: z.object({ parsed: z.number() }),
      guid: z.object({ rawvalue: z.string() }),
      used: z.object({ rawvalue: z.string() }),
      referenced: z.object({ rawvalue: z.string() }),
      clones: z.object({ rawvalue: z.string() }).optional(),
      userrefs: z.object({ rawvalue: z.string() }).optional(),
      written: z.object({ rawvalue: z.string() }).optional(),
    }),
    holds: z.record(z.string(), z.unknown()).nullish(),
  }),
);
export const snapshotProperties = ["creation", "guid", "used", "referenced", "clones"];
type TrueNasSnapshot = z.output<typeof truenasSnapshots>[number];

export const truenasTasks = z.array(
  z.object({
    dataset: datasetName,
    recursive: z.boolean(),
    enabled: z.boolean(),
    schedule: z.object({
      minute: z.string(),
      hour: z.string(),
      dom: z.string(),
      month: z.string(),
      dow: z.string(),
      begin: z.string(),
      end: z.string(),
    }),
  }),
);

/** `root`: the pool's root dataset, whose space is what can be stored; the pool's own sizes count parity too. */
export function poolOf(pool: TrueNasPool, root: Dataset | undefined): Pool {
  const { used_bytes = 0, available_bytes = 0 } = root ?? {};
  return {
    name: pool.name,
    guid: pool.guid,
    created_at: root?.created_at ?? null,
    state: stateOf(pool.status),
    vdevs: Object.entries(pool.topology ?? {}).flatMap(([key, nodes]) =>
      nodes.map((one) => vdevOf(one, classOf(key) ?? "data")),
    ),
    used_bytes,
    available_bytes,
    usable_bytes: used_bytes + available_bytes,
    raw_size_bytes: pool.size ?? 0,
    fragmentation_percent: /^\d+$/.test(pool.fragmentation ?? "") ? Number(pool.fragmentation) : null,
    scan: pool.scan && scanOf(pool.scan),
    data_errors: null,
  };
}

function vdevOf({ name, type, guid, status, path, disk, stats, children }: Node, of: VdevClass): Vdev {
  const missing = type === "DISK" && /^\d+$/.test(name);
  return {
    name: plainName(disk && !missing ? disk : name),
    type: missing ? "missing" : type.toLowerCase(),
    class: of,
    guid,
    state: stateOf(status),
    path: path ?? null,
    disk: disk ? plainName(disk) : null,
    read_errors: stats?.read_errors ?? 0,
    write_errors: stats?.write_errors ?? 0,
    checksum_errors: stats?.checksum_errors ?? 0,
    ashift: stats?.configured_ashift ?? null,
    children: children.map((child) => vdevOf(child, of)),
  };
}

const states: Readonly<Record<string, Scan["state"]>> = { FINISHED: "finished", CANCELED: "canceled" };

function scanOf(told: z.output<typeof scan>): Scan | null {
  // Before 25.10 a pool that was never scrubbed has an object of nulls.
  if (told.function === null || told.state === null || told.start_time === null) return null;
  const state = states[told.state] ?? (told.pause ? "paused" : "running");
  return {
    function: told.function === "RESILVER" ? "resilver" : "scrub",
    state,
    started_at: told.start_time,
    ended_at: told.end_time,
    // A finished one stays at 99.99.
    done_percent: state === "finished" ? 100 : Math.round((told.percentage ?? 0) * 100) / 100,
    eta_s: state === "running" ? (told.total_secs_left ?? null) : null,
    errors: told.errors ?? 0,
    repaired_bytes: null,
  };
}

/** A dataset and all below it. */
export function datasetsOf({ children, ...told }: Nested): Dataset[] {
  const own: Dataset = {
    name: told.name,
    type: told.type === "VOLUME" ? "volume" : "filesystem",
    created_at: told.creation?.rawvalue === undefined ? null : Number(told.creation.rawvalue) * 1000,
    used_bytes: told.used.parsed ?? 0,
    available_bytes: told.available.parsed ?? 0,
    used_by_snapshots_bytes: told.usedbysnapshots.parsed ?? 0,
    quota_bytes: told.quota?.parsed || null,
    refquota_bytes: told.refquota?.parsed || null,
    compression: (told.compression?.rawvalue ?? "").toLowerCase(),
    compress_ratio_percent: ratioOf(told.compressratio?.rawvalue ?? undefined),
    mountpoint: told.mountpoint?.startsWith("/") ? told.mountpoint : null,
    readonly: (told.readonly?.rawvalue ?? "").toLowerCase() === "on",
    encrypted: told.encrypted,
  };
  return [own, ...children.flatMap(datasetsOf)];
}

/** A dataset without its pool and its snapshots. Neither its guid nor what was written to it is told. */
export function lineageOf({ children, ...told }: Nested): Omit<Lineage, "pool_guid" | "snapshots"> {
  const origin = told.origin?.rawvalue ?? "";
  return {
    dataset: told.name,
    guid: null,
    created_at: Number(told.creation?.rawvalue ?? 0) * 1000,
    type: told.type === "VOLUME" ? "volume" : "filesystem",
    origin: origin.includes("@") ? origin : null,
    below: children.flatMap(datasetsOf).map(({ name }) => name),
    referenced_bytes: told.usedbydataset?.parsed ?? 0,
    written_bytes: null,
    bookmarks: null,
  };
}

export function snapshotOf({ name, dataset, properties: of, holds }: TrueNasSnapshot): Snapshot {
  return {
    name,
    dataset,
    guid: of.guid.rawvalue,
    created_at: of.creation.parsed,
    used_bytes: Number(of.used.rawvalue),
    referenced_bytes: Number(of.referenced.rawvalue),
    holds: Object.keys(holds ?? {}),
    clones: clonesOf(of.clones?.rawvalue ?? ""),
  };
}

/** Also where it is not told. */
export const isHeld = ({ properties }: TrueNasSnapshot): boolean => properties.userrefs?.rawvalue !== "0";

export function lineSnapshotOf(told: TrueNasSnapshot): LineSnapshot {
  const { rawvalue } = told.properties.written ?? {};
  return {
    ...snapshotOf(told),
    txg: Number(told.createtxg),
    written_bytes: rawvalue === undefined ? null : Number(rawvalue),
  };
}

/** A schedule that never comes is a task that is switched off. */
export function taskOf({ dataset, recursive, enabled, schedule }: z.output<typeof truenasTasks>[number]): SnapshotTask {
  const every_s = longestGapSeconds(schedule);
  return { dataset, recursive, enabled: enabled && every_s !== null, every_s: every_s ?? 0 };
}
