import type { Reached } from "./build.ts";
import type { Outcome } from "./evaluate.ts";

const round = (x: number, digits: number): number => Number(x.toFixed(digits));

export function shortOutcome(outcome: Outcome) {
  return {
    tpr_percent: round(outcome.tpr_percent, 1),
    fpr_percent: round(outcome.fpr_percent, 2),
    new_alarms_per_100_drive_years: round(outcome.new_alarms_per_100_drive_years, 2),
    lead_days: round(outcome.lead_days, 0),
    failures: outcome.failures,
    healthy: outcome.healthy,
  };
}

export function short(reached: Reached) {
  return { urgent: shortOutcome(reached.urgent), warn_or_urgent: shortOutcome(reached.warn_or_urgent) };
}
