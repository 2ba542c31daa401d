import type { PlanStatus, Risk, UnitResult } from "../confirm/define.ts";

/** How a status looks; the sign and the word carry it, the colour only helps. */
export type Tone = "wait" | "busy" | "good" | "bad" | "off";

interface Label {
  label: string;
  tone: Tone;
}

export const statusLabels: Readonly<Record<PlanStatus, Label>> = {
  pending: { label: "Waits for you", tone: "wait" },
  approved: { label: "Approved", tone: "busy" },
  running: { label: "Running", tone: "busy" },
  done: { label: "Done", tone: "good" },
  rolled_back: { label: "Rolled back", tone: "bad" },
  failed: { label: "Failed", tone: "bad" },
  unknown: { label: "Not known", tone: "bad" },
  denied: { label: "Denied", tone: "off" },
  cancelled: { label: "Cancelled", tone: "off" },
  expired: { label: "Expired", tone: "off" },
  stale: { label: "Out of date", tone: "off" },
  void: { label: "Void", tone: "off" },
};

export const outcomeLabels: Readonly<Record<UnitResult["outcome"], Label>> = {
  done: { label: "Done", tone: "good" },
  rolled_back: { label: "Rolled back", tone: "bad" },
  failed: { label: "Failed", tone: "bad" },
  unknown: { label: "Not known", tone: "bad" },
  not_started: { label: "Not started", tone: "off" },
};

export const riskLabels: Readonly<Record<Risk, string>> = {
  reversible: "Reversible",
  disruptive: "Disruptive",
  destructive: "Destructive",
};

/**
 * What a status means for the person who looks at it. Of an ended plan the gate's own note says it; its notes on the
 * others speak to the model.
 */
export function statusSays(status: PlanStatus, note: string): string {
  if (status === "pending") return "Nothing has changed yet. Read it, then decide.";
  if (status === "approved") return "It has not started yet.";
  if (status === "running") return "It runs now. You may close this page; it goes on.";
  return statusLabels[status].tone === "off" ? `${note} If you still want it, ask Claude for a new plan.` : note;
}
