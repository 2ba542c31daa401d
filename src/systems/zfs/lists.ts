import { bookmarkName, datasetName, named, notUnderstood, poolName, snapshotName } from "./names.ts";
import type { Dataset, Lineage, LineSnapshot, Pool, Snapshot } from "./port.ts";

/** One line of `zpool list -Hp`: name, guid, health, size, allocated, free, fragmentation … */
export function parsePoolLine(line: string): Pick<Pool, "name" | "guid" | "raw_size_bytes" | "fragmentation_percent"> {
  const [name, guid = "", , size, , , fragmentation = "-"] = line.split("\t");
  return {
    name: named(poolName, name),
    guid,
    raw_size_bytes: bytesOf(size),
    // "-" where a pool is too full or too damaged to tell.
    fragmentation_percent: /^\d+%?$/.test(fragmentation) ? Number.parseInt(fragmentation, 10) : null,
  };
}

/**
 * One line of `zfs list -Hp -t filesystem,volume`: name, type, used, available, referenced, usedbysnapshots, quota,
 * refquota, compression, compressratio, mountpoint, readonly, encryption, volsize, origin, creation.
 */
export function parseDatasetLine(line: string): Dataset {
  const [
    name,
    type,
    used,
    available,
    ,
    bySnapshots,
    quota,
    refquota,
    compression = "",
    ratio,
    at = "",
    ro,
    encryption,
    ,
    ,
    creation,
  ] = line.split("\t");
  return {
    name: named(datasetName, name),
    type: type === "volume" ? "volume" : "filesystem",
    used_bytes: bytesOf(used),
    available_bytes: bytesOf(available),
    used_by_snapshots_bytes: bytesOf(bySnapshots),
    quota_bytes: limitOf(quota),
    refquota_bytes: limitOf(refquota),
    compression,
    compress_ratio_percent: ratioOf(ratio),
    mountpoint: at.startsWith("/") ? at : null,
    created_at: creation === undefined ? null : bytesOf(creation) * 1000,
    readonly: ro === "on",
    encrypted: encryption !== undefined && encryption !== "off" && encryption !== "-",
  };
}

/** One line of `zfs list -Hp -t snapshot`: name, guid, creation, used, referenced, userrefs, clones. */
export function parseSnapshotLine(line: string): Snapshot & { holdCount: number } {
  const [said, guid = "", creation, used, referenced, userrefs = "0", clones = "-"] = line.split("\t");
  const name = named(snapshotName, said);
  return {
    name,
    dataset: name.slice(0, name.indexOf("@")),
    guid,
    created_at: bytesOf(creation) * 1000,
    used_bytes: bytesOf(used),
    referenced_bytes: bytesOf(referenced),
    holds: [],
    clones: clonesOf(clones),
    holdCount: Number(userrefs) || 0,
  };
}

/** "tank/a,tank/b"; "-" or nothing: none. They may enter a plan, so each has to be a name. */
export const clonesOf = (text: string): string[] =>
  text === "-" || text === "" ? [] : text.split(",").map((name) => named(datasetName, name));

/** The same with createtxg and written. */
export function parseLineageLine(line: string): LineSnapshot & { holdCount: number } {
  const [txg, written] = line.split("\t").slice(7);
  return { ...parseSnapshotLine(line), txg: bytesOf(txg), written_bytes: bytesOf(written) };
}

/** One line of `zfs list -Hp -t bookmark`: name, createtxg. */
export function parseBookmarkLine(line: string): { name: string; txg: number } {
  const [name, txg] = line.split("\t");
  return { name: named(bookmarkName, name), txg: bytesOf(txg) };
}

/** What `zfs get -Hp all` tells of one dataset. */
export function parseProperties(
  lines: readonly string[],
): Omit<Lineage, "pool_guid" | "below" | "snapshots" | "bookmarks"> {
  const of = new Map(lines.map((line) => line.split("\t").slice(1, 3)).map(([name = "", value = ""]) => [name, value]));
  const origin = of.get("origin") ?? "-";
  return {
    dataset: named(datasetName, lines[0]?.split("\t")[0]),
    guid: of.get("guid") ?? null,
    created_at: bytesOf(of.get("creation")) * 1000,
    type: of.get("type") === "volume" ? "volume" : "filesystem",
    origin: origin === "-" ? null : named(snapshotName, origin),
    referenced_bytes: bytesOf(of.get("referenced")),
    written_bytes: bytesOf(of.get("written")),
  };
}

/** The line of `zfs destroy -nvp` that tells what would come free. */
export function parseReclaim(lines: readonly string[]): number {
  const [, amount] = lines.map((line) => line.split("\t")).find(([word]) => word === "reclaim") ?? [];
  return bytesOf(amount);
}

/** One line of `zfs holds -H`: snapshot, tag, time. */
export const parseHoldLine = (line: string): string => line.split("\t")[1] ?? "";

/** "1.50" or "1.50x" → 150 */
export function ratioOf(text = "1.00"): number {
  const ratio = Number.parseFloat(text);
  return Number.isFinite(ratio) ? Math.round(ratio * 100) : 100;
}

/** A dataset's "-" stands for what it can't have: a volume has no quota. */
const limitOf = (text = "0") => (/^[1-9]\d*$/.test(text) ? Number(text) : null);

function bytesOf(text = ""): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (text === "-") return 0;
  throw notUnderstood("sizes");
}
