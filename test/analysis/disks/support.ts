import type { Counters } from "../../../src/analysis/disks/counters.ts";
import { noCounters } from "../../../src/analysis/disks/counters.ts";
import type { Reading } from "../../../src/analysis/disks/history.ts";
import type { DiskModel } from "../../../src/analysis/disks/model.ts";

/** A reading in which every counter that isn't named is absent. */
export const on = (day: number, counters: Partial<Counters>): Reading => ({
  day,
  power_on_hours: day * 24,
  counters: { ...noCounters, ...counters },
});

const unknown = { low: 0, high: 0 };
const failed = { days_30: unknown, days_120: unknown, days_365: unknown };

/** A scorecard small enough to be worked out by hand. */
export const handModel: DiskModel = {
  version: 0,
  provenance: {},
  reached: {},
  tiers: {
    watch: { enter_points: 10, calm_days: 60 },
    warn: { enter_points: 100, calm_days: 30 },
    urgent: { enter_points: 200, calm_days: 14 },
  },
  calibration: { points: [0, 100, 200], p30: [0.001, 0.01, 0.1], p120: [0.004, 0.03, 0.3] },
  failed_within_percent: {
    ok: failed,
    watch: failed,
    warn: failed,
    urgent: { days_30: { low: 20, high: 31 }, days_120: { low: 40, high: 52 }, days_365: { low: 60, high: 79 } },
  },
  scorecard: [
    { feature: "reallocated.level", at_least: [1, 10], points: [10, 10] },
    { feature: "reallocated.rise_30d", at_least: [1], points: [90] },
    { feature: "uncorrectable.rise_30d", at_least: [1, 5], points: [100, 100] },
    { feature: "unreadable.peak_90d", at_least: [1], points: [50] },
    { feature: "any.days_since_rise", below: [7], points: [5] },
  ],
};
