import { z } from "zod";
import { featureNames } from "./features.ts";

/** From harmless to act now. */
export const tiers = ["ok", "watch", "warn", "urgent"] as const;

export type Tier = (typeof tiers)[number];

const ascending = z
  .array(z.number())
  .refine((edges) => edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? 0)));
const probabilities = z.array(z.number().gt(0).lt(1));

/**
 * Points of one feature. They add up: a count of 20 earns the points of every bin that begins at 20 or lower, and none
 * is negative, so a worse counter can't lower the score.
 */
const scoredFeature = z.strictObject({
  feature: z.enum(featureNames),
  /** Lower edges of a count, or … */
  at_least: ascending.optional(),
  /** … upper edges in days, exclusive, of `days_since_rise`. */
  below: ascending.optional(),
  /** Hundredths of a logit, one per edge. */
  points: z.array(z.int().nonnegative()),
});

/** When a tier begins, and how many days a drive must stay below that before it is let go. */
const tierRule = z.strictObject({ enter_points: z.int().positive(), calm_days: z.int().nonnegative() });

/** Share of drives in %, the lowest and the highest of the periods it was measured in. */
const range = z.strictObject({ low: z.number(), high: z.number() });
const failedWithin = z.strictObject({ days_30: range, days_120: range, days_365: range });

/** The scorecard as scripts/train-disk-model.ts writes it to model.json. */
export const diskModel = z.strictObject({
  version: z.int(),
  /** Where it comes from and what it reached; for people. */
  provenance: z.record(z.string(), z.json()),
  reached: z.record(z.string(), z.json()),
  tiers: z.strictObject({ watch: tierRule, warn: tierRule, urgent: tierRule }),
  /** Points → risk, straight lines between the knots in log odds. */
  calibration: z.strictObject({ points: ascending, p30: probabilities, p120: probabilities }),
  /** What became of drives that stood in a tier: % that failed within so many days (Kaplan–Meier). */
  failed_within_percent: z.strictObject({
    ok: failedWithin,
    watch: failedWithin,
    warn: failedWithin,
    urgent: failedWithin,
  }),
  scorecard: z.array(scoredFeature),
});

export type DiskModel = z.infer<typeof diskModel>;
export type ScoredFeature = z.infer<typeof scoredFeature>;
