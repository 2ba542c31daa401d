import type { Drive } from "./timelines.ts";

/** From when until when (exclusive) a rule holds a drive in alarm; ascending, apart. */
export type Alarms = readonly { from: number; to: number }[];

/** A rule's alarms over a whole life. It may use readings only up to each alarm's beginning. */
export type Rule = (drive: Drive, index: number) => Alarms;

export interface Outcome {
  failures: number;
  /** % of failures in alarm at some moment of the last 30 days, half a day before the end at the latest. */
  tpr_percent: number;
  healthy: number;
  /** % of healthy drives ever in alarm in the window. */
  fpr_percent: number;
  new_alarms_per_100_drive_years: number;
  /** Median days from the alarm that was standing (or the last before) to the failure, of failures detected. */
  lead_days: number;
}

export interface Window {
  from: number;
  to: number;
}

/** Nine months: what false alarms are counted over. */
export const nineMonths = 273;

/**
 * Whether a drive counts as healthy over a window: in service at its end, and no failure within 90 days after, as far
 * as the data go. A drive about to fail is right to be in alarm.
 */
export const isHealthy = (drive: Drive, { to }: Window): boolean =>
  drive.first_day < to && drive.last_day >= to && !(drive.failed && drive.last_day < to + 90);

export const failsIn = (drive: Drive, { from, to }: Window): boolean =>
  drive.failed && drive.last_day >= from && drive.last_day < to;

/** The one definition that every rule is measured by, ours and the others'. */
export function evaluate(drives: readonly Drive[], rule: Rule, window: Window): Outcome {
  const leads: number[] = [];
  let [failures, healthy, alarmed, fresh, days] = [0, 0, 0, 0, 0];
  for (const [i, drive] of drives.entries()) {
    if (failsIn(drive, window)) {
      failures += 1;
      const end = drive.last_day;
      const standing = rule(drive, i).findLast(({ from, to }) => from <= end - 0.5 && to > end - 30);
      if (standing) leads.push(end - standing.from);
    } else if (isHealthy(drive, window)) {
      healthy += 1;
      days += window.to - Math.max(window.from, drive.first_day);
      const within = rule(drive, i).filter(({ from, to }) => from < window.to && to > window.from);
      if (within.length > 0) alarmed += 1;
      fresh += within.filter(({ from }) => from >= window.from).length;
    }
  }
  leads.sort((a, b) => a - b);
  return {
    failures,
    tpr_percent: (100 * leads.length) / failures,
    healthy,
    fpr_percent: (100 * alarmed) / healthy,
    new_alarms_per_100_drive_years: (fresh / days) * 36_525,
    lead_days: leads[leads.length >> 1] ?? 0,
  };
}

/** Alarms of a rule that looks at one reading at a time. */
export function whenever(drive: Drive, holds: (index: number) => boolean): Alarms {
  const alarms: { from: number; to: number }[] = [];
  for (const [i, reading] of drive.readings.entries()) {
    if (!holds(i)) continue;
    const to = drive.readings[i + 1]?.day ?? Number.POSITIVE_INFINITY;
    const last = alarms.at(-1);
    if (last && last.to === reading.day) last.to = to;
    else alarms.push({ from: reading.day, to });
  }
  return alarms;
}
