import { type Stretch, traceFeatures } from "./features.ts";
import { orderHistory, type Reading } from "./history.ts";
import type { DiskModel, Tier } from "./model.ts";
import { calibrated, pointsOf, type Risk, scalesOf } from "./scorecard.ts";
import { type TierChange, traceTiers } from "./tiers.ts";

/** What is to be thought of a drive on one day. */
export interface Standing extends Risk {
  tier: Tier;
  points: number;
  /** In the order of featureNames, as they were on the day `from`; null before the first reading. */
  features: Float64Array | null;
  from: number;
}

/** The last entry that began on `day` or before. */
function standingOn<T extends { from: number }>(entries: readonly T[], day: number): T | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry && entry.from <= day) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}

/** A drive's life as a model sees it. */
export interface Trace {
  stretches: (Stretch & Risk & { points: number })[];
  changes: TierChange[];
}

/** Traces drives by a model: made once, then given one drive's history after the other. */
export function traceBy(model: DiskModel): (readings: readonly Reading[]) => Trace {
  const scales = scalesOf(model.scorecard);
  const risk = calibrated(model.calibration);
  return (readings) => {
    const stretches = Array.from(traceFeatures(orderHistory(readings)), ({ from, features }) => {
      const points = pointsOf(scales, features);
      return { from, features, points, ...risk(points) };
    });
    return { stretches, changes: traceTiers(model.tiers, stretches) };
  };
}

/** Judges drives by a model: given a drive's history, then asked for any days, in any order. */
export function judgeBy(model: DiskModel): (readings: readonly Reading[]) => (day: number) => Standing {
  const trace = traceBy(model);
  const unread = calibrated(model.calibration)(0);
  const unknown: Standing = { tier: "ok", points: 0, ...unread, features: null, from: Number.NEGATIVE_INFINITY };
  return (readings) => {
    const { stretches, changes } = trace(readings);
    return (day) => {
      const stretch = standingOn(stretches, day);
      return stretch ? { ...stretch, tier: standingOn(changes, day)?.tier ?? "ok" } : unknown;
    };
  };
}
