import type { DiskModel } from "../../src/analysis/disks/model.ts";
import { calibrated } from "../../src/analysis/disks/scorecard.ts";
import { type TierChange, traceTiers } from "../../src/analysis/disks/tiers.ts";
import { type Band, calibrate, compareBands } from "./calibrate.ts";
import { type Alarms, evaluate, nineMonths, type Outcome, type Rule, type Window } from "./evaluate.ts";
import { scores, type Weights } from "./fit.ts";
import type { Lives } from "./patterns.ts";
import { survivalByTier } from "./survival.ts";
import { type Drive, foldOf } from "./timelines.ts";
import { train, weightsOf } from "./train.ts";

const folds = 5;

/** Aimed at, on healthy drives; below the limits of 0.5 % and 1.5 %, since the years differ. */
export const aims = { urgent_fpr_percent: 0.42, warn_fpr_percent: 1.4, warn_new_alarms_per_100_drive_years: 1 };

/** One alarm has to be calm for this long before it is over: a drive that warned twice in half a year has one trouble, not two. */
const calmDays = { watch: 90, warn: 180, urgent: 30 };

/** The first sign of anything: a sector, an error, a growing count of timeouts. */
const watchPoints = 30;

/** Points by pattern, for drive `index`. */
export type PointsOf = (index: number) => Float64Array;

export interface Built {
  weights: Weights;
  tiers: DiskModel["tiers"];
  calibration: DiskModel["calibration"];
  survival: DiskModel["failed_within_percent"];
  /** On drives that the judging model had not seen. */
  outOfFold: Reached;
  foldPoints: PointsOf;
  points: PointsOf;
}

export interface Reached {
  urgent: Outcome;
  warn_or_urgent: Outcome;
  bands: Band[];
}

const ranks = { ok: 0, watch: 1, warn: 2, urgent: 3 };

const tiersBy =
  (lives: Lives, pointsOf: PointsOf, rules: DiskModel["tiers"]) =>
  (i: number): TierChange[] => {
    const points = pointsOf(i);
    const patterns = lives.pattern[i] ?? new Int32Array();
    return traceTiers(
      rules,
      Array.from(lives.from[i] ?? [], (from, s) => ({ from, points: points[patterns[s] ?? 0] ?? 0 })),
    );
  };

/** A tier or a higher one, as alarms. */
export function alarmsOf(changes: readonly TierChange[], tier: "warn" | "urgent"): Alarms {
  const alarms: { from: number; to: number }[] = [];
  for (const [i, change] of changes.entries()) {
    if (ranks[change.tier] < ranks[tier]) continue;
    const to = changes[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    const last = alarms.at(-1);
    if (last?.to === change.from) last.to = to;
    else alarms.push({ from: change.from, to });
  }
  return alarms;
}

export function reach(
  drives: readonly Drive[],
  lives: Lives,
  pointsOf: PointsOf,
  model: Pick<DiskModel, "tiers" | "calibration">,
  window: Window,
): Reached {
  const changes = tiersBy(lives, pointsOf, model.tiers);
  const rule =
    (tier: "warn" | "urgent"): Rule =>
    (_, i) =>
      alarmsOf(changes(i), tier);
  const risk = calibrated(model.calibration);
  const risks = new Map<Float64Array, Float64Array>();
  const riskOf: PointsOf = (i) => {
    const points = pointsOf(i);
    const known = risks.get(points) ?? points.map((x) => risk(x).p30);
    risks.set(points, known);
    return known;
  };
  return {
    urgent: evaluate(drives, rule("urgent"), window),
    warn_or_urgent: evaluate(drives, rule("warn"), window),
    bands: compareBands(drives, lives, riskOf, window),
  };
}

/** The lowest number of points, in steps of 5, at which `good` holds. */
function lowest(from: number, good: (points: number) => boolean): number {
  let points = from;
  while (!good(points)) points += 5;
  return points;
}

/** How drives fare when one threshold makes an alarm. */
function outcomeAt(
  drives: readonly Drive[],
  lives: Lives,
  pointsOf: PointsOf,
  rule: { enter_points: number; calm_days: number },
  window: Window,
): Outcome {
  const changes = tiersBy(lives, pointsOf, { watch: rule, warn: rule, urgent: rule });
  return evaluate(drives, (_, i) => alarmsOf(changes(i), "urgent"), window);
}

/** How well points rank drives, whatever the thresholds: % of failures found at a given false positive rate. */
export function ranking(
  drives: readonly Drive[],
  lives: Lives,
  pointsOf: PointsOf,
  fpr_percent: number,
  window: Window,
): Outcome {
  const at = (enter_points: number): Outcome =>
    outcomeAt(drives, lives, pointsOf, { enter_points, calm_days: calmDays.urgent }, window);
  return at(lowest(60, (points) => at(points).fpr_percent <= fpr_percent));
}

/** Trains on a period, and chooses thresholds and calibration by folds on its last nine months. */
export function build(drives: readonly Drive[], lives: Lives, period: Window, thresholdsOn: Window): Built {
  const task = { drives, lives, weight: weightsOf(drives), period };
  const unseen = Array.from({ length: folds }, (_, fold) =>
    scores(lives.patterns, train({ ...task, keep: (i) => foldOf(drives[i]?.drive ?? "", folds) !== fold })),
  );
  const foldPoints: PointsOf = (i) => unseen[foldOf(drives[i]?.drive ?? "", folds)] ?? new Float64Array();
  const outcome = (enter_points: number, calm_days: number): Outcome =>
    outcomeAt(drives, lives, foldPoints, { enter_points, calm_days }, thresholdsOn);
  const urgent = lowest(250, (points) => outcome(points, calmDays.urgent).fpr_percent <= aims.urgent_fpr_percent);
  const warn = lowest(60, (points) => {
    const { fpr_percent, new_alarms_per_100_drive_years: fresh } = outcome(points, calmDays.warn);
    return fpr_percent <= aims.warn_fpr_percent && fresh <= aims.warn_new_alarms_per_100_drive_years;
  });
  const tiers = {
    watch: { enter_points: watchPoints, calm_days: calmDays.watch },
    warn: { enter_points: warn, calm_days: calmDays.warn },
    urgent: { enter_points: urgent, calm_days: calmDays.urgent },
  };
  const calibration = calibrate(drives, lives, foldPoints, period);
  const middle = period.to - 365;
  const weights = train({ ...task, keep: () => true });
  const points = scores(lives.patterns, weights);
  return {
    weights,
    tiers,
    calibration,
    survival: survivalByTier(drives, tiersBy(lives, foldPoints, tiers), [
      { from: period.from, to: middle },
      { from: middle, to: period.to - nineMonths / 3 },
    ]),
    foldPoints,
    outOfFold: reach(drives, lives, foldPoints, { tiers, calibration }, thresholdsOn),
    points: () => points,
  };
}
