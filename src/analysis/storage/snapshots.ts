import type { Dataset, Snapshot, SnapshotTask } from "../../systems/zfs/port.ts";

/** How a dataset's snapshots stand against their schedule. */
export interface DatasetSnapshots {
  dataset: string;
  count: number;
  /** Seconds; null: there is none. */
  newest_age_s: number | null;
  /** Seconds between two that are due, and who says so; null: nobody. */
  every_s: number | null;
  schedule: "task" | "inferred" | null;
  overdue: boolean;
}

/** Fewer are no habit that a schedule could be read from. */
const fewestToInfer = 4;
/** A run may be late by half its interval, and by a quarter of an hour: a snapshot of many datasets takes its time. */
const grace = { share: 0.5, least_s: 900 };

/**
 * The age of the newest snapshot of every dataset, against the task that covers it; where there are no tasks to ask
 * (`tasks` null: plain ZFS) against the rhythm of the snapshots themselves.
 *
 * @param now ms since 1970
 */
export function snapshotAges(
  datasets: readonly Dataset[],
  snapshots: readonly Snapshot[],
  tasks: readonly SnapshotTask[] | null,
  now: number,
): DatasetSnapshots[] {
  const times = new Map<string, number[]>();
  for (const { dataset, created_at } of snapshots) {
    const known = times.get(dataset);
    if (known) known.push(created_at);
    else times.set(dataset, [created_at]);
  }
  return datasets.map(({ name }) => {
    const taken = (times.get(name) ?? []).sort((a, b) => a - b);
    const newest = taken.at(-1);
    const newest_age_s = newest === undefined ? null : Math.max(0, Math.round((now - newest) / 1000));
    const every_s = tasks === null ? rhythmOf(taken) : taskOf(name, tasks);
    const due_s = every_s === null ? Infinity : every_s + Math.max(grace.least_s, every_s * grace.share);
    return {
      dataset: name,
      count: taken.length,
      newest_age_s,
      every_s,
      schedule: every_s === null ? null : tasks === null ? "inferred" : "task",
      overdue: (newest_age_s ?? Infinity) > due_s || (newest_age_s === null && every_s !== null),
    };
  });
}

/** The shortest interval of the tasks that cover a dataset. */
function taskOf(dataset: string, tasks: readonly SnapshotTask[]): number | null {
  const covering = tasks.filter(
    (task) => task.enabled && (task.dataset === dataset || (task.recursive && dataset.startsWith(`${task.dataset}/`))),
  );
  return covering.length === 0 ? null : Math.min(...covering.map(({ every_s }) => every_s));
}

/**
 * The median time between the latest ten snapshots, in seconds. With several schedules at once (hourly and daily) that
 * is the shortest one's; snapshots within a minute of each other count as one.
 */
function rhythmOf(taken: readonly number[]): number | null {
  const apart = taken.filter((at, index) => index === 0 || at - (taken[index - 1] ?? 0) >= 60_000);
  if (apart.length < fewestToInfer) return null;
  const latest = apart.slice(-10);
  const gaps = latest.slice(1).map((at, index) => at - (latest[index] ?? 0));
  return Math.round((gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0) / 1000);
}
