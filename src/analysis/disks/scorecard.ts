import { type FeatureName, featureNames, over } from "./features.ts";
import type { DiskModel, ScoredFeature } from "./model.ts";

/** A feature of the scorecard, ready to be looked up. */
export interface Scale {
  feature: FeatureName;
  /** Where the feature stands in a stretch. */
  at: number;
  edges: readonly number[];
  below: boolean;
  /** Points by the number of edges reached. */
  points: readonly number[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** Adds the points of each feature up beforehand: those of all edges reached, or (`below`) of those not reached yet. */
export const scalesOf = (scorecard: readonly ScoredFeature[]): Scale[] =>
  scorecard.map(({ feature, at_least, below, points }) => {
    const edges = at_least ?? below ?? [];
    const totals = Array.from({ length: edges.length + 1 }, (_, k) =>
      sum(below ? points.slice(k) : points.slice(0, k)),
    );
    return { feature, at: featureNames.indexOf(feature), edges, below: below !== undefined, points: totals };
  });

/** How many edges a drive with these features has reached. An absent counter (NaN) reaches none. */
export function edgesReached({ at, edges, below }: Scale, features: Float64Array): number {
  const value = features[at] ?? Number.NaN;
  let count = 0;
  for (const edge of edges) {
    if (!(below ? over(edge, value) : value >= edge)) break;
    count += 1;
  }
  return count;
}

/** Points of one feature. */
export const pointsOn = (scale: Scale, features: Float64Array): number =>
  scale.points[edgesReached(scale, features)] ?? 0;

/** Points of a drive with these features. */
export function pointsOf(scales: readonly Scale[], features: Float64Array): number {
  let points = 0;
  for (const scale of scales) points += pointsOn(scale, features);
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
  const p = 1 / (1 + Math.exp(-(y0 + share * (y1 - y0))));
  return Math.round(p * 1e6) / 1e6;
}

/** Probability of failure within 30 and within 120 days. */
export interface Risk {
  p30: number;
  p120: number;
}

/** Risk by points. */
export function calibrated(calibration: DiskModel["calibration"]): (points: number) => Risk {
  const odds30 = calibration.p30.map(logit);
  const odds120 = calibration.p120.map(logit);
  return (points) => ({
    p30: interpolate(calibration.points, odds30, points),
    p120: interpolate(calibration.points, odds120, points),
  });
}
