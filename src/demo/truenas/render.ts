import {
  atLeast,
  type Dataset,
  type Disk,
  type Entry,
  type Nas,
  type Node,
  type Pool,
  type Release,
  type Snapshot,
  type Value,
} from "./model.ts";

/** What the middleware of a release shows of a pool, a disk, a dataset, a snapshot. */

export function poolEntry({ release }: Nas, pool: Pool): Entry {
  const free = pool.raw_bytes - pool.allocated_bytes;
  const status = statusOf(pool);
  return {
    id: pool.id,
    name: pool.name,
    guid: pool.guid,
    path: `/mnt/${pool.name}`,
    status,
    scan: scanOf(release, pool),
    topology: Object.fromEntries(Object.entries(pool.topology).map(([kind, nodes]) => [kind, nodes.map(nodeOf)])),
    healthy: status === "ONLINE",
    warning: false,
    status_code: status === "ONLINE" ? "OK" : "FAILING_DEV",
    status_detail: null,
    ...inBytes("size", pool.raw_bytes),
    ...inBytes("allocated", pool.allocated_bytes),
    ...inBytes("free", free),
    ...inBytes("freeing", 0),
    fragmentation: String(pool.fragmentation_percent),
    autotrim: { value: "off", rawvalue: "off", parsed: "off", source: "DEFAULT" },
    ...(atLeast(release, "24.10") ? { expand: null } : {}),
    ...(atLeast(release, "25.04") ? { dedup_table_size: 0, dedup_table_quota: "auto" } : {}),
    ...(atLeast(release, "26") ? { all_sed: false } : {}),
  };
}

const inBytes = (name: string, bytes: number): Entry => ({ [name]: bytes, [`${name}_str`]: String(bytes) });

export function leavesOf(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => (node.children.length === 0 ? [node] : leavesOf(node.children)));
}

function statusOf({ topology }: Pool): string {
  const worst = leavesOf(topology.data).some(({ status }) => status !== "ONLINE");
  return worst ? "DEGRADED" : "ONLINE";
}

function scanOf(release: Release, { scan, allocated_bytes }: Pool): Entry | null {
  // Before 25.10 a pool that was never scrubbed has an object of nulls.
  if (scan === null) return atLeast(release, "25.10") ? null : nothingScanned;
  const running = scan.state === "SCANNING" && scan.paused === null;
  const processed = Math.round((allocated_bytes * scan.percent) / 100);
  return {
    function: scan.function,
    state: scan.state,
    start_time: scan.started,
    end_time: scan.ended,
    percentage: scan.percent,
    bytes_to_process: allocated_bytes,
    bytes_processed: processed,
    bytes_issued: processed,
    pause: scan.paused,
    errors: scan.errors,
    total_secs_left: running ? Math.round((100 - scan.percent) * 300) : null,
  };
}

const nothingScanned: Entry = Object.fromEntries(
  [
    "function",
    "state",
    "start_time",
    "end_time",
    "percentage",
    "bytes_to_process",
    "bytes_processed",
    "bytes_issued",
    "pause",
    "errors",
    "total_secs_left",
  ].map((key) => [key, null]),
);

function nodeOf(node: Node): Entry {
  const { disk, errors } = node;
  const partition = disk === null ? null : `${disk}${disk.startsWith("nvme") ? "p1" : "1"}`;
  const status =
    node.children.length > 0 && node.children.some((child) => child.status !== "ONLINE") ? "DEGRADED" : node.status;
  const stats = {
    timestamp: 3_632_227_082_159_473,
    read_errors: errors.read,
    write_errors: errors.write,
    checksum_errors: errors.checksum,
    ops: [0, 100, 200, 0, 0, 0, 0],
    bytes: [0, 100_000, 200_000, 0, 0, 0, 0],
    size: 0,
    allocated: 0,
    fragmentation: 0,
    self_healed: 0,
    configured_ashift: 12,
    logical_ashift: 9,
    physical_ashift: 12,
  };
  const common = { name: node.name, type: node.type, guid: node.guid, status, stats, unavail_disk: null };
  if (node.type !== "DISK") return { ...common, path: null, children: node.children.map(nodeOf) };
  const there = node.status === "UNAVAIL" ? null : partition;
  return {
    ...common,
    name: there === null ? node.guid : node.name,
    path: there === null ? null : `/dev/disk/by-partuuid/${node.name}`,
    device: there,
    disk: there === null ? null : disk,
    children: [],
  };
}

/** How TrueNAS names a disk towards itself: names of the kernel move. */
export const identifierOf = ({ serial }: Disk): string => `{serial}${serial}`;

export function diskEntry({ release }: Nas, disk: Disk, withPool: boolean): Entry {
  const smart = { togglesmart: true, smartoptions: "", critical: null, difference: null, informational: null };
  return {
    identifier: identifierOf(disk),
    name: disk.name,
    subsystem: disk.name.startsWith("nvme") ? "nvme" : "scsi",
    number: 2048,
    serial: disk.serial,
    lunid: null,
    size: disk.size_bytes,
    description: "",
    transfermode: "Auto",
    hddstandby: "ALWAYS ON",
    advpowermgmt: "DISABLED",
    expiretime: null,
    model: disk.model,
    rotationrate: disk.rpm,
    type: disk.rpm === null ? "SSD" : "HDD",
    zfs_guid: null,
    bus: disk.name.startsWith("nvme") ? "NVME" : "ATA",
    devname: disk.name,
    enclosure: null,
    // Null unless it was asked for.
    pool: withPool ? disk.pool : null,
    ...(atLeast(release, "25.10") ? {} : { ...smart, supports_smart: null }),
    ...(atLeast(release, "26") ? { sed: false, sed_status: "UNSUPPORTED" } : {}),
  };
}

const property = (rawvalue: string, parsed: Value, source = "DEFAULT"): Entry => ({
  value: rawvalue,
  rawvalue,
  parsed,
  source,
  source_info: null,
});
const bytes = (amount: number) => property(String(amount), amount, "NONE");
/** Where nothing is set: 0 becomes null. */
const limit = (amount: number) => property(String(amount), amount === 0 ? null : amount, "LOCAL");

export function datasetEntry(nas: Nas, dataset: Dataset, flat: boolean): Entry {
  const { name } = dataset;
  const children = nas.datasets.filter((other) => parentOf(other.name) === name);
  const inSnapshots = nas.snapshots.filter((one) => one.dataset === name).reduce((sum, one) => sum + one.used_bytes, 0);
  return {
    id: name,
    name,
    type: dataset.type,
    pool: name.split("/")[0] ?? name,
    encrypted: dataset.encrypted,
    encryption_root: dataset.encrypted ? (name.split("/")[0] ?? null) : null,
    key_loaded: dataset.encrypted,
    locked: false,
    children: flat ? [] : children.map((child) => datasetEntry(nas, child, false)),
    user_properties: {},
    mountpoint: dataset.type === "VOLUME" ? null : `/mnt/${name}`,
    used: bytes(dataset.used_bytes),
    available: bytes(dataset.available_bytes),
    usedbysnapshots: bytes(inSnapshots),
    usedbydataset: bytes(dataset.referenced_bytes),
    usedbychildren: bytes(Math.max(0, dataset.used_bytes - dataset.referenced_bytes - inSnapshots)),
    usedbyrefreservation: bytes(0),
    compression: property(dataset.compression.toUpperCase(), dataset.compression, "LOCAL"),
    compressratio: property(`${dataset.compress_ratio}x`, dataset.compress_ratio, "NONE"),
    origin: property(dataset.origin, dataset.origin, "NONE"),
    creation: property("1767225600", new Date(1_767_225_600_000), "NONE"),
    ...(dataset.type === "VOLUME"
      ? { volsize: bytes(dataset.used_bytes), readonly: property(dataset.readonly ? "ON" : "OFF", dataset.readonly) }
      : {
          quota: limit(dataset.quota_bytes),
          refquota: limit(dataset.refquota_bytes),
          readonly: property(dataset.readonly ? "ON" : "OFF", dataset.readonly),
        }),
  };
}

const parentOf = (name: string): string | null => (name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : null);

export function snapshotEntry(nas: Nas, snapshot: Snapshot, extra: { holds: boolean; properties: boolean }): Entry {
  const id = `${snapshot.dataset}@${snapshot.name}`;
  const seconds = snapshot.created.getTime() / 1000;
  const clones = nas.datasets.filter(({ origin }) => origin === id).map(({ name }) => name);
  const plain = (rawvalue: string, parsed: Value) => ({ value: rawvalue, rawvalue, parsed, source: "NONE" });
  const properties = {
    creation: plain(String(seconds), snapshot.created),
    guid: plain(snapshot.guid, snapshot.guid),
    createtxg: plain(String(snapshot.txg), String(snapshot.txg)),
    used: plain(String(snapshot.used_bytes), snapshot.used_bytes),
    referenced: plain(String(snapshot.referenced_bytes), snapshot.referenced_bytes),
    written: plain(String(writtenIn(nas, snapshot)), writtenIn(nas, snapshot)),
    clones: plain(clones.join(","), clones.join(",")),
    userrefs: plain(String(snapshot.holds.length), String(snapshot.holds.length)),
  };
  return {
    id,
    name: id,
    pool: snapshot.dataset.split("/")[0] ?? "",
    type: "SNAPSHOT",
    snapshot_name: snapshot.name,
    dataset: snapshot.dataset,
    createtxg: String(snapshot.txg),
    properties: extra.properties ? properties : {},
    ...(extra.holds ? { holds: Object.fromEntries(snapshot.holds.map((tag) => [tag, seconds])) } : {}),
  };
}

/** Since the one before it: what it alone holds, or by how much it is larger. */
function writtenIn({ snapshots }: Nas, { dataset, txg, used_bytes, referenced_bytes }: Snapshot): number {
  const before = snapshots.filter((one) => one.dataset === dataset && one.txg < txg).sort((a, b) => a.txg - b.txg);
  return Math.max(used_bytes, referenced_bytes - (before.at(-1)?.referenced_bytes ?? 0));
}
