import { z } from "zod";

/** A disk's name as get_disks gives it, or its serial number. */
export const diskName = z.string().regex(/^[\w.-]{1,64}$/);

const tier = z.enum(["ok", "watch", "warn", "urgent", "unknown"]);
const nullableNumber = z.number().nullable();

/** One disk as get_disks gives it. */
export const diskShape = z.object({
  host: z.string(),
  disk: z.string(),
  model: z.string(),
  serial: z.string(),
  size_bytes: nullableNumber,
  protocol: z.string(),
  slot: z.string().nullable(),
  pool: z.string().nullable(),
  vdev: z.string().nullable(),
  state: z.enum(["read", "standby", "unmonitored"]),
  tier,
  smart: z.enum(["passed", "failed", "unknown"]),
  temperature_c: nullableNumber,
  temperature_limit_c: nullableNumber,
  power_on_hours: nullableNumber,
  link_errors: nullableNumber,
  wear_percent: nullableNumber,
  last_self_test: z.object({ outcome: z.string(), at_hours: nullableNumber }).nullable(),
  self_test_remaining_percent: nullableNumber,
  evidence: z.array(z.string()).optional(),
});

const band = z.object({ low_percent: z.number(), high_percent: z.number() });

/** The verdict on one disk; analysis/disks/assess.ts says what the fields mean. */
export const verdictShape = z.object({
  host: z.string(),
  disk: z.string(),
  model: z.string(),
  serial: z.string(),
  tier,
  failure_risk: z.object({ days_30: band, days_120: band }).nullable(),
  confidence: z.enum(["none", "levels_only", "short_history", "full"]),
  history_days: z.number(),
  evidence: z.array(z.string()),
  survival: z.array(z.string()),
  would_change: z.array(z.string()),
  signals: z.array(z.object({ signal: z.string(), now: nullableNumber, change_90d: nullableNumber })),
  wear_out: z.object({ earliest: z.string(), latest: z.string().nullable() }).nullable(),
  acknowledged_at: z.string().nullable(),
  order: z.object({ at_least_bytes: nullableNumber, advice: z.string() }).nullable(),
});
