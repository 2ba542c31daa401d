import type { ScoredFeature } from "../../src/analysis/disks/model.ts";
import { failsIn, isHealthy, nineMonths, type Window } from "./evaluate.ts";
import { fitWeights, scores, type Tally, type Weights } from "./fit.ts";
import { type Lives, within, worst } from "./patterns.ts";
import type { Drive } from "./timelines.ts";

const days = [3, 7, 14, 30, 90, 180, 365];

/** The bins the fit may use; those that come out with no points are left out of the model. */
export const candidates: ScoredFeature[] = [
  { feature: "reallocated.level" as const, at_least: [1, 4, 8, 16, 32, 64, 128, 256, 1024, 4096] },
  { feature: "reallocated.rise_30d" as const, at_least: [1, 4, 8, 16, 32, 64, 256, 1024] },
  { feature: "reallocated.rise_90d" as const, at_least: [1, 8, 16, 64, 256, 1024] },
  { feature: "reallocated.days_since_rise" as const, below: days },
  { feature: "uncorrectable.level" as const, at_least: [1, 2, 3, 5, 10, 20, 50, 100] },
  { feature: "uncorrectable.rise_30d" as const, at_least: [1, 2, 3, 5, 10, 30] },
  { feature: "uncorrectable.rise_90d" as const, at_least: [1, 2, 5, 10, 30] },
  { feature: "uncorrectable.days_since_rise" as const, below: days },
  { feature: "command_timeouts.level" as const, at_least: [10, 100] },
  { feature: "command_timeouts.rise_90d" as const, at_least: [1, 5, 10] },
  { feature: "command_timeouts.days_quiet" as const, below: [90, 365] },
  { feature: "unreadable.level" as const, at_least: [1, 2, 4, 8, 16, 32, 64, 128, 256] },
  { feature: "unreadable.peak_90d" as const, at_least: [1, 8, 16, 64, 256] },
  { feature: "unreadable.rise_30d" as const, at_least: [1, 8, 16, 64, 256] },
  { feature: "unreadable.rise_90d" as const, at_least: [1, 8, 16, 64] },
  { feature: "unreadable.days_since_rise" as const, below: days },
  { feature: "any.present" as const, at_least: [1, 2, 3] },
  { feature: "any.risen_30d" as const, at_least: [1, 2, 3] },
  { feature: "any.days_since_rise" as const, below: days },
  { feature: "any.days_quiet" as const, below: [180, 365, 730] },
].map((feature) => ({ ...feature, points: (feature.at_least ?? feature.below).map(() => 1) }));

const horizon = 30;
const ridge = 30;

/** No model of drive counts for more than this many failures; beyond it, the square root. One bad series is not the world. */
const dominating = 50;

export function weightsOf(drives: readonly Drive[]): Float64Array {
  const failures = new Map<string, number>();
  for (const { model, failed } of drives) if (failed) failures.set(model, (failures.get(model) ?? 0) + 1);
  return Float64Array.from(drives, ({ model }) => Math.sqrt(Math.min(1, dominating / (failures.get(model) ?? 1))));
}

export interface Task {
  drives: readonly Drive[];
  lives: Lives;
  weight: Float64Array;
  keep: (index: number) => boolean;
  period: Window;
}

const emptyTally = (size: number): Tally => ({ failed: new Float64Array(size), healthy: new Float64Array(size) });

const add = (to: Float64Array, i: number, by: number): void => {
  if (i >= 0) to[i] = (to[i] ?? 0) + by;
};

/** Every day of every life counts: failed within the horizon or not, as far as that is known by the period's end. */
function tallyDays({ drives, lives, weight, keep, period }: Task): Tally {
  const tally = emptyTally(lives.patterns.length);
  for (const [i, drive] of drives.entries()) {
    if (!keep(i)) continue;
    const share = (weight[i] ?? 1) / horizon;
    const fails = drive.failed && drive.last_day <= period.to;
    const doomed = fails ? drive.last_day - horizon : Number.POSITIVE_INFINITY;
    const known = fails ? drive.last_day : Math.min(period.to, drive.last_day + 1) - horizon;
    within(lives, i, period.from, Math.min(known, doomed), (p, a, b) => add(tally.healthy, p, share * (b - a)));
    if (fails)
      within(lives, i, Math.max(period.from, doomed), known, (p, a, b) => add(tally.failed, p, share * (b - a)));
  }
  return tally;
}

/**
 * One moment of every life counts, the worst by the scores so far: of a failed drive's last 30 days, of a healthy
 * drive's nine months. That is what an alarm is judged by: one bad day rings it, for a good drive as for a failing one.
 */
function tallyWorstMoments({ drives, lives, weight, keep, period }: Task, score: Float64Array): Tally {
  const tally = emptyTally(lives.patterns.length);
  const windows: Window[] = [];
  for (let to = period.to; to - nineMonths >= period.from - 20; to -= 90) {
    windows.push({ from: Math.max(period.from, to - nineMonths), to });
  }
  for (const [i, drive] of drives.entries()) {
    if (!keep(i)) continue;
    const share = weight[i] ?? 1;
    if (failsIn(drive, period)) {
      add(tally.failed, worst(lives, i, drive.last_day - 30, drive.last_day - 0.5, score), share);
    }
    for (const window of windows) {
      // What happens after the period is not known yet.
      const fate = drive.last_day < period.to ? drive : { ...drive, failed: false };
      if (isHealthy(fate, window)) {
        add(tally.healthy, worst(lives, i, window.from, window.to, score), share / windows.length);
      }
    }
  }
  return tally;
}

/** Whole points; bins that hardly count are left out, so that the scorecard stays readable. */
const rounded = (weights: Weights): Weights => ({
  ...weights,
  bins: weights.bins.map((weight) => (weight < 0.03 ? 0 : Math.round(weight * 100))),
});

/** Points (hundredths of a logit, whole) for every bin, from the lives that `keep` admits and nothing after the period. */
export function train(task: Task): Weights {
  const { patterns, bins } = task.lives;
  const start = { base: -6, bins: new Float64Array(bins) };
  let weights = fitWeights(patterns, tallyDays(task), { ridge, rounds: 60, start });
  for (let turn = 0; turn < 4; turn += 1) {
    const tally = tallyWorstMoments(task, scores(patterns, weights));
    weights = fitWeights(patterns, tally, { ridge, rounds: 60, start: weights });
  }
  return rounded(weights);
}
