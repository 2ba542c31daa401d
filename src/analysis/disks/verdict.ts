import { evidenceLines, type Protocol, survivalLines } from "./evidence.ts";
import { orderHistory, type Reading, sinceAcknowledged } from "./history.ts";
import type { DiskModel, Tier } from "./model.ts";
import { judgeBy } from "./trace.ts";

export interface Verdict {
  /** How loudly to speak; after an acknowledgement only what came since. */
  tier: Tier;
  /** Probability of failure within 30 and 120 days, acknowledged or not. */
  p30: number;
  p120: number;
  evidence: string[];
  survival: string[];
  /** "levels_only" below 30 days of history: growth can't show yet. */
  confidence: "levels_only" | "short_history" | "full";
}

/** Below this the 30-day, and below the second the 90-day growth is not known. */
const historyDays = { growth: 30, full: 90 };

/**
 * One drive judged on one day by the readings up to then. `acknowledged_day` is when its owner accepted what it had
 * counted: the tier then speaks only of change since, while the probabilities stay what they are.
 */
export function judgeDrive(
  model: DiskModel,
  readings: readonly Reading[],
  day: number,
  acknowledged_day?: number,
  protocol: Protocol = "ata",
): Verdict {
  const judge = judgeBy(model);
  const known = orderHistory(readings).filter((reading) => reading.day <= day);
  const { tier, p30, p120, features, from } = judge(known)(day);
  const since =
    acknowledged_day === undefined || acknowledged_day > day ? known : sinceAcknowledged(known, acknowledged_day);
  const span = day - (known[0]?.day ?? day);
  return {
    tier: since === known ? tier : judge(since)(day).tier,
    p30,
    p120,
    evidence: features ? evidenceLines(model, features, day - from, protocol) : ["No reading yet."],
    survival: survivalLines(model, tier),
    confidence: span < historyDays.growth ? "levels_only" : span < historyDays.full ? "short_history" : "full",
  };
}
