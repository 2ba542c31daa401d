import { type Stretch, traceFeatures } from "./features.ts";
import { orderHistory, type Reading } from "./history.ts";
import type { DiskModel, Tier } from "./model.ts";
import { binsOf, calibrated, pointsOf } from "./scorecard.ts";
import { traceTiers } from "./tiers.ts";

/** What is to be thought of a drive on one day. */
export interface Standing {
  tier: Tier;
  /** Probability of failure within 30 and 120 days. */
  p30: number;
  p120: number;
  points: number;
  /** Null before the first reading. */
  features: Float64Array | null;
}

/** Index of the last entry that began on `day` or before, or -1. */
function lastBefore(entries: readonly { from: number }[], day: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.from ?? Number.POSITIVE_INFINITY) <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Judges whole histories by a model: compile once, then ask for any day of any drive. */
export function judgeBy(model: DiskModel): (readings: readonly Reading[]) => (day: number) => Standing {
  const bins = binsOf(model.scorecard);
  const risk = calibrated(model.calibration);
  return (readings) => {
    const stretches = Array.from(traceFeatures(orderHistory(readings)), (stretch: Stretch) => ({
      ...stretch,
      points: pointsOf(bins, stretch.features),
    }));
    const changes = traceTiers(model.tiers, stretches);
    return (day) => {
      const stretch = stretches[lastBefore(stretches, day)];
      const points = stretch?.points ?? 0;
      const tier = changes[lastBefore(changes, day)]?.tier ?? "ok";
      return { tier, ...risk(points), points, features: stretch?.features ?? null };
    };
  };
}
