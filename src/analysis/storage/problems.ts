import type { Dataset, EarlierErrors, Pool, Vdev } from "../../systems/zfs/port.ts";
import type { DatasetSnapshots } from "./snapshots.ts";
import { calledLeaf, leavesOf, mayFail, vitalOf } from "./vdevs.ts";
import { sayBytes, saySpan } from "./words.ts";

/** One thing that is wrong with a pool, and how one can tell. Our own words, numbers and schema-checked names only. */
export interface StorageProblem {
  severity: "critical" | "warning" | "info";
  what: string;
  evidence: string;
}

/** Days: the default threshold of TrueNAS's scrub tasks. */
const scrubEvery_days = 35;
/** Percent of what can be stored. OpenZFS and TrueNAS advise to stay below 80; from 90 on writing slows down and fragments. */
const full_percent = { warning: 80, critical: 90 };
/** Share of what can be stored that only snapshots hold, from which on it is worth a word. */
const snapshotsHold_percent = 20;

const day_ms = 86_400_000;
const weight = { critical: 0, warning: 1, info: 2 } as const;

export interface PoolView {
  pool: Pool;
  /** Of this pool only; null: they could not be listed. */
  snapshots: readonly DatasetSnapshots[] | null;
  /** Those of this pool. */
  datasets: readonly Dataset[];
  /** Null: then nobody can tell whether errors grow. */
  earlier: EarlierErrors | null;
}

/** What is wrong with one pool, worst first. `now` in ms since 1970. */
export function poolProblems(view: PoolView, now: number): StorageProblem[] {
  const { pool } = view;
  return [
    ...stateOf(pool),
    ...errorsOf(view, now),
    ...scanOf(pool, now),
    ...fullness(pool),
    ...redundancyOf(pool),
    ...sectorsOf(pool),
    ...snapshotsOf(view),
  ].toSorted((a, b) => weight[a.severity] - weight[b.severity]);
}

export function usedPercent({ used_bytes, usable_bytes }: Pool): number {
  return usable_bytes > 0 ? Math.round((used_bytes / usable_bytes) * 100) : 0;
}

const broken: ReadonlySet<string> = new Set(["degraded", "faulted", "offline", "unavail", "removed"]);

function stateOf({ state, vdevs }: Pool): StorageProblem[] {
  const bad = leavesOf(vdevs).filter((leaf) => broken.has(leaf.state));
  const evidence = bad.map((leaf) => `${calledLeaf(leaf)} is ${leaf.state}`).join(", ");
  const found: StorageProblem[] = [];
  if (state === "degraded") found.push({ severity: "critical", what: "degraded", evidence: evidence || "ZFS says so" });
  else if (broken.has(state) || state === "unknown")
    found.push({ severity: "critical", what: "not usable", evidence: evidence || `its state is ${state}` });
  // A lost log or cache device leaves the pool online.
  else if (bad.length > 0) found.push({ severity: "warning", what: "device down", evidence });
  const stood = vdevs.filter((vdev) => vdev.class === "spare" && vdev.state === "in_use").map(calledLeaf);
  if (stood.length > 0)
    found.push({
      severity: "warning",
      what: "spare in use",
      evidence: `${stood.join(", ")} stands in for a failed disk`,
    });
  return found;
}

const countsOf = ({ read_errors, write_errors, checksum_errors }: Vdev) => read_errors + write_errors + checksum_errors;

function errorsOf({ pool, earlier }: PoolView, now: number): StorageProblem[] {
  const found: StorageProblem[] = [];
  if (pool.data_errors)
    found.push({
      severity: "critical",
      what: "permanent errors",
      evidence: `${pool.data_errors} in files; zpool status -v names them`,
    });
  const bad = leavesOf(pool.vdevs).filter((leaf) => countsOf(leaf) > 0);
  // A device that is new since then counts from zero; counters that were cleared in between did not grow.
  const moreOf = (leaf: Vdev) => (earlier ? countsOf(leaf) - (earlier.counts[leaf.guid] ?? 0) : 0);
  const say = (leaf: Vdev) =>
    `${calledLeaf(leaf)}: ${leaf.read_errors} read, ${leaf.write_errors} write, ${leaf.checksum_errors} checksum`;
  const grown = bad.filter((leaf) => moreOf(leaf) > 0);
  const since = saySpan((now - (earlier?.at ?? now)) / 1000);
  const evidence = grown.map((leaf) => `${say(leaf)}, ${moreOf(leaf)} more within ${since}`).join("; ");
  if (grown.length > 0) found.push({ severity: "critical", what: "errors growing", evidence });
  const others = bad.filter((leaf) => !grown.includes(leaf));
  if (others.length > 0)
    found.push({ severity: "warning", what: "device errors", evidence: others.map(say).join("; ") });
  return found;
}

function scanOf({ scan, created_at }: Pool, now: number): StorageProblem[] {
  const daysSince = (at: number) => Math.floor((now - at) / day_ms);
  if (scan === null) {
    // One that is new has had no turn yet.
    if (created_at !== null && daysSince(created_at) <= scrubEvery_days) return [];
    return [{ severity: "warning", what: "scrub overdue", evidence: "no scrub on record" }];
  }
  if (scan.function === "resilver") {
    // ZFS keeps only the latest scan: after a resilver nobody can tell when the last scrub was.
    if (scan.state !== "running") return [];
    const left = scan.eta_s === null ? "" : `, about ${saySpan(scan.eta_s)} to go`;
    return [{ severity: "warning", what: "resilver running", evidence: `${scan.done_percent} % done${left}` }];
  }
  if (scan.state === "paused")
    return [{ severity: "info", what: "scrub paused", evidence: `at ${scan.done_percent} %` }];
  if (scan.state === "running") return [];
  const days = daysSince(scan.ended_at ?? scan.started_at);
  const errors: StorageProblem[] =
    scan.errors > 0
      ? [{ severity: "critical", what: "scrub found errors", evidence: `${scan.errors} that could not be repaired` }]
      : [];
  if (days <= scrubEvery_days) return errors;
  const how = scan.state === "canceled" ? "was cancelled" : "ended";
  return [
    ...errors,
    { severity: "warning", what: "scrub overdue", evidence: `the last one ${how} ${days} days ago (35 are usual)` },
  ];
}

function fullness(pool: Pool): StorageProblem[] {
  const percent = usedPercent(pool);
  if (percent <= full_percent.warning) return [];
  const critical = percent > full_percent.critical;
  const evidence = `${percent} % of ${sayBytes(pool.usable_bytes)} used, ${sayBytes(pool.available_bytes)} free`;
  return [{ severity: critical ? "critical" : "warning", what: critical ? "nearly full" : "filling up", evidence }];
}

function redundancyOf(pool: Pool): StorageProblem[] {
  const alone = vitalOf(pool).filter((vdev) => mayFail(vdev) === 0);
  if (alone.length === 0) return [];
  const names = alone.map((vdev) => (vdev.children.length === 0 ? calledLeaf(vdev) : vdev.name)).join(", ");
  return [{ severity: "warning", what: "no redundancy", evidence: `the pool is lost with ${names}` }];
}

function sectorsOf(pool: Pool): StorageProblem[] {
  const sizes = [...new Set(vitalOf(pool).flatMap(({ ashift }) => ashift ?? []))].sort((a, b) => a - b);
  if (sizes.length < 2) return [];
  return [{ severity: "info", what: "mixed ashift", evidence: `vdevs with ashift ${sizes.join(" and ")}` }];
}

function snapshotsOf({ pool, datasets, snapshots }: PoolView): StorageProblem[] {
  if (snapshots === null)
    return [{ severity: "warning", what: "snapshots unread", evidence: "they could not be listed" }];
  const found: StorageProblem[] = [];
  const late = snapshots.filter(({ overdue }) => overdue);
  const [worst] = late.toSorted((a, b) => (b.newest_age_s ?? Infinity) - (a.newest_age_s ?? Infinity));
  if (worst) {
    const age =
      worst.newest_age_s === null
        ? `${worst.dataset} has none`
        : `the newest of ${worst.dataset} is ${saySpan(worst.newest_age_s)} old`;
    const others = late.length > 1 ? ` and ${late.length - 1} more` : "";
    found.push({
      severity: "warning",
      what: "snapshots late",
      evidence: `${age}, one is due every ${saySpan(worst.every_s ?? 0)}${others}`,
    });
  }
  if (snapshots.every(({ count }) => count === 0) && pool.used_bytes > 0)
    found.push({ severity: "warning", what: "no snapshots", evidence: "no dataset of it has one" });
  const held = datasets.reduce((sum, { used_by_snapshots_bytes: bytes }) => sum + bytes, 0);
  const [most] = datasets.toSorted((a, b) => b.used_by_snapshots_bytes - a.used_by_snapshots_bytes);
  const share = pool.usable_bytes > 0 ? (held / pool.usable_bytes) * 100 : 0;
  if (share > snapshotsHold_percent && most !== undefined)
    found.push({
      severity: "info",
      what: "snapshots hold space",
      evidence:
        `${sayBytes(held)}, ${Math.round(share)} % of the pool, most of it ` +
        `(${sayBytes(most.used_by_snapshots_bytes)}) in ${most.name}; manage_snapshots deletes old ones`,
    });
  return found;
}
