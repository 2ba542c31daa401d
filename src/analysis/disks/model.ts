import type { FeatureName } from "./features.ts";

/** From harmless to act now. */
export const tiers = ["ok", "watch", "warn", "urgent"] as const;

export type Tier = (typeof tiers)[number];

/** Points of one feature. They add up: a value of 20 earns the points of every bin up to 20, so more is never better. */
export interface ScoredFeature {
  feature: FeatureName;
  /** Lower edges, ascending (counts), or upper edges in days, exclusive (`days_since_rise`). */
  at_least?: readonly number[];
  below?: readonly number[];
  /** Hundredths of a logit, one per edge, never negative. */
  points: readonly number[];
}

/** When a tier begins, and how long a drive must stay below that before it is let go. */
export interface TierRule {
  enter_points: number;
  calm_days: number;
}

/** Share of drives, in %, lowest and highest of the periods it was measured in. */
export type Range = readonly [low: number, high: number];

/** The scorecard as scripts/train-disk-model.ts writes it to model.json. */
export interface DiskModel {
  version: number;
  scorecard: readonly ScoredFeature[];
  /** Points → risk, straight lines between the knots in log odds; ascending. */
  calibration: { points: readonly number[]; p30: readonly number[]; p120: readonly number[] };
  tiers: Record<Exclude<Tier, "ok">, TierRule>;
  /** What became of drives while they stood in a tier: % that failed within so many days. */
  failed_within_percent: Record<Tier, { days_30: Range; days_120: Range; days_365: Range }>;
}
