import { type FeatureName, featureNames, over } from "./features.ts";
import type { DiskModel, ScoredFeature } from "./model.ts";

export interface Bin {
  feature: FeatureName;
  /** Where the feature stands in a stretch. */
  at: number;
  edge: number;
  below: boolean;
  points: number;
}

/** Flattens a scorecard's features into bins, so that scoring is one pass. */
export function binsOf(scorecard: readonly ScoredFeature[]): Bin[] {
  return scorecard.flatMap(({ feature, at_least, below, points }) =>
    (at_least ?? below ?? []).map((edge, i) => ({
      feature,
      at: featureNames.indexOf(feature),
      edge,
      below: below !== undefined,
      points: points[i] ?? 0,
    })),
  );
}

/** Whether a drive with these features earns a bin's points. An absent counter (NaN) earns none. */
export function earns(bin: Bin, features: Float64Array): boolean {
  const value = features[bin.at] ?? Number.NaN;
  return bin.below ? value >= 0 && !over(bin.edge, value) : value >= bin.edge;
}

/** Points of a drive with these features. */
export function pointsOf(bins: readonly Bin[], features: Float64Array): number {
  let points = 0;
  for (const bin of bins) if (earns(bin, features)) points += bin.points;
  return points;
}

const logit = (p: number): number => Math.log(p / (1 - p));

/** Straight lines in log odds between knots; level beyond the first and the last. */
function interpolate(knots: readonly number[], odds: readonly number[], points: number): number {
  const above = knots.findIndex((knot) => knot > points);
  const high = above === -1 ? knots.length - 1 : above;
  const low = Math.max(0, above === -1 ? high : high - 1);
  const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [knots[low], knots[high], odds[low], odds[high]];
  const share = x1 === x0 ? 0 : Math.max(0, (points - x0) / (x1 - x0));
  return 1 / (1 + Math.exp(-(y0 + share * (y1 - y0))));
}

/** Probability of failure within 30 and within 120 days, from points. */
export function calibrated(calibration: DiskModel["calibration"]): (points: number) => { p30: number; p120: number } {
  const odds30 = calibration.p30.map(logit);
  const odds120 = calibration.p120.map(logit);
  return (points) => ({
    p30: interpolate(calibration.points, odds30, points),
    p120: interpolate(calibration.points, odds120, points),
  });
}
