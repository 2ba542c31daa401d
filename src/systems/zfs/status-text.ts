import { diskOfPath, named, notUnderstood, poolName } from "./names.ts";
import type { Vdev, VdevClass } from "./port.ts";
import { parseScan } from "./scan-text.ts";
import type { DiskLinks, PoolStatus } from "./status.ts";
import { classOf, shownName, stateOf, typeOf } from "./vdev.ts";

/**
 * `zpool status -P -p` of OpenZFS before 2.3, with the guids from `zpool status -g -p`, which prints the same tree.
 * Null where the two do not fit together, because a vdev came or went between them: read both again.
 */
export function parseStatusText(text: string, withGuids: string, links: DiskLinks): PoolStatus[] | null {
  const pools = sections(text);
  const others = sections(withGuids);
  if (pools.length !== others.length) return null;
  const parsed = pools.map((lines, index) => parsePool(lines, others[index] ?? [], links));
  return parsed.includes(null) ? null : parsed.filter((pool) => pool !== null);
}

/** One a pool; "no pools available" has none. */
function sections(text: string): string[][] {
  return text
    .split(/^ *pool: /m)
    .slice(1)
    .map((section) => `pool: ${section}`.split("\n"));
}

function parsePool(lines: readonly string[], guidLines: readonly string[], links: DiskLinks): PoolStatus | null {
  const rows = rowsOf(lines);
  const guids = rowsOf(guidLines);
  const [root, ...vdevs] = rows;
  if (root === undefined) throw notUnderstood("a pool");
  if (rows.length !== guids.length || rows.some((row, i) => row.depth !== guids[i]?.depth)) return null;
  const errors = field(lines, "errors");
  const scan = field(lines, "scan");
  return {
    name: named(poolName, field(lines, "pool")),
    state: stateOf(field(lines, "state")),
    vdevs: treeOf(vdevs, guids.slice(1), links),
    scan: parseScan(scan),
    data_errors: dataErrors(errors),
  };
}

/** "  scan: …" with the lines that go on below it. */
function field(lines: readonly string[], name: string): string {
  const from = lines.findIndex((line) => line.trimStart().startsWith(`${name}: `));
  if (from < 0) return "";
  const more = lines.slice(from + 1);
  const end = more.findIndex((line) => !line.startsWith("\t"));
  const [first = "", ...rest] = [lines[from] ?? "", ...more.slice(0, end < 0 ? undefined : end)];
  return [first.slice(first.indexOf(":") + 1), ...rest].map((line) => line.trim()).join("\n");
}

function dataErrors(said: string): number {
  if (said.startsWith("No known")) return 0;
  // A list that can't be read is at least one error.
  return Number(/^(\d+) data errors/.exec(said)?.[1] ?? 1);
}

interface Row {
  depth: number;
  name: string;
  class: VdevClass;
  state: string;
  errors: number[];
  note: string;
}

const row = /^\t( *)(\S.*?) +(ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED|SUSPENDED|AVAIL|INUSE|SPLIT)\b(.*)$/;

/** The lines below "config:". Log, cache and the others stand under a heading of their own. */
function rowsOf(lines: readonly string[]): Row[] {
  const rows: Row[] = [];
  let under: VdevClass = "data";
  const from = lines.findIndex((line) => line.trim() === "config:");
  for (const line of lines.slice(from + 1)) {
    if (line.startsWith("errors:")) break;
    const heading = classOf(/^\t(\S+)\s*$/.exec(line)?.[1]);
    if (heading !== undefined) under = heading;
    const [, indent = "", name, state = "", rest = ""] = row.exec(line) ?? [];
    if (name === undefined) continue;
    const [, read, write, checksum, note = ""] = /^ +(\S+) +(\S+) +(\S+)(.*)$/.exec(rest) ?? [];
    const counted = [read, write, checksum].every((count) => /^[\d.]+[KMGTPE]?$/.test(count ?? ""));
    const errors = counted ? [read, write, checksum].map(countOf) : [0, 0, 0];
    rows.push({ depth: indent.length / 2, name, class: under, state, errors, note: (counted ? note : rest).trim() });
  }
  return rows;
}

/** `-p` prints counters whole; without it, and where an old version ignores it, they are "1.21K" with steps of 1,000. */
function countOf(text = "0"): number {
  const steps = Math.max(0, " KMGTPE".indexOf(text.at(-1) ?? ""));
  return Math.round(Number.parseFloat(text) * 1000 ** steps);
}

function treeOf(rows: readonly Row[], guids: readonly Row[], links: DiskLinks): Vdev[] {
  const roots: Vdev[] = [];
  const open: { depth: number; vdev: Vdev }[] = [];
  rows.forEach((one, index) => {
    // What stands under a heading is not indented below the pool.
    const depth = one.class === "data" || one.depth > 0 ? one.depth : 1;
    const vdev = vdevOf(one, guids[index]?.name ?? "", links);
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
    const siblings = open.at(-1)?.vdev.children ?? roots;
    siblings.push(vdev);
    open.push({ depth, vdev });
  });
  return roots;
}

function vdevOf({ name, class: of, state, errors, note }: Row, guid: string, links: DiskLinks): Vdev {
  const [read_errors = 0, write_errors = 0, checksum_errors = 0] = errors;
  const path = name.startsWith("/") ? name : (/^was (\/.*)$/.exec(note)?.[1] ?? null);
  const type = typeOf(name);
  return {
    name: shownName(name),
    type,
    class: of,
    guid,
    state: stateOf(state),
    path,
    disk: path === null || type !== "disk" ? null : diskOfPath(path, links),
    read_errors,
    write_errors,
    checksum_errors,
    ashift: null,
    children: [],
  };
}
