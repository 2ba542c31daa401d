import type { DiskModel } from "../../src/analysis/disks/model.ts";
import type { Window } from "./evaluate.ts";
import { type Lives, within } from "./patterns.ts";
import type { Drive } from "./timelines.ts";

/** Groups of points that get a risk of their own. */
const edges = [0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700];
/** Days after which a day of the past counts half: fleets change, and the next year is likest the last. */
const halfLife = 120;

interface Group {
  /** Weighted drive-days, the failing ones among them, and points × days. */
  days: number;
  failing: number;
  pointDays: number;
}

/** Drive-days by points: how many there were, and how many had a failure within the horizon. */
function group(
  drives: readonly Drive[],
  lives: Lives,
  pointsOf: (index: number) => Float64Array,
  period: Window,
  horizon: number,
  groupOf: (points: number) => number,
  age: (from: number, to: number) => number,
): Group[] {
  const groups: Group[] = edges.map(() => ({ days: 0, failing: 0, pointDays: 0 }));
  for (const [i, drive] of drives.entries()) {
    const points = pointsOf(i);
    const known = Math.min(period.to, drive.failed ? Number.POSITIVE_INFINITY : drive.last_day + 1) - horizon;
    const doomed = drive.failed ? drive.last_day - horizon : Number.POSITIVE_INFINITY;
    within(lives, i, period.from, Math.min(known, drive.last_day + 1), (pattern, from, to) => {
      const at = groups[groupOf(points[pattern] ?? 0)];
      if (!at) return;
      at.days += age(from, to);
      at.pointDays += age(from, to) * (points[pattern] ?? 0);
      if (to > doomed) at.failing += age(Math.max(from, doomed), to);
    });
  }
  return groups;
}

/** Neighbours that are out of order become one (pool adjacent violators), so that risk never falls as points rise. */
function isotonic(groups: readonly Group[]): number[] {
  const pools: { days: number; failing: number; size: number }[] = [];
  for (const { days, failing } of groups) {
    pools.push({ days, failing, size: 1 });
    for (let last = pools.at(-1), before = pools.at(-2); last && before; last = pools.at(-1), before = pools.at(-2)) {
      if (before.failing * last.days <= last.failing * before.days) break;
      before.days += last.days;
      before.failing += last.failing;
      before.size += last.size;
      pools.pop();
    }
  }
  return pools.flatMap(({ days, failing, size }) => Array.from({ length: size }, () => failing / days));
}

const round = (p: number): number => Number(p.toPrecision(3));

/** Points → risk, learnt from points that were given by models that had not seen the drive. */
export function calibrate(
  drives: readonly Drive[],
  lives: Lives,
  pointsOf: (index: number) => Float64Array,
  period: Window,
): DiskModel["calibration"] {
  const groupOf = (points: number): number => edges.findLastIndex((edge) => points >= edge);
  const age = (from: number, to: number): number =>
    halfLife * (2 ** ((to - period.to) / halfLife) - 2 ** ((from - period.to) / halfLife));
  const soon = group(drives, lives, pointsOf, period, 30, groupOf, age);
  const later = group(drives, lives, pointsOf, period, 120, groupOf, age);
  const p30 = isotonic(soon).map(round);
  const p120 = isotonic(later).map(round);
  return {
    points: soon.map(({ pointDays, days }) => Math.round(pointDays / days)),
    p30,
    p120: p120.map((p, i) => Math.max(p, p30[i] ?? 0)),
  };
}

export interface Band {
  p30: string;
  predicted_percent: number;
  observed_percent: number;
  failures: number;
}

const bands = [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 1];

/** Predicted against observed 30-day risk in bands of the prediction, over the period; unweighted. */
export function compareBands(
  drives: readonly Drive[],
  lives: Lives,
  riskOf: (index: number) => Float64Array,
  period: Window,
): Band[] {
  const groupOf = (p: number): number => bands.findLastIndex((edge) => p >= edge);
  return group(drives, lives, riskOf, period, 30, groupOf, (from, to) => to - from)
    .slice(0, bands.length - 1)
    .map(({ days, failing, pointDays }, i) => ({
      p30: `${(bands[i] ?? 0) * 100}–${(bands[i + 1] ?? 0) * 100} %`,
      predicted_percent: round((100 * pointDays) / days),
      observed_percent: round((100 * failing) / days),
      failures: Math.round(failing / 30),
    }))
    .filter(({ failures }) => failures > 0);
}
