import type { PlanStatus, Risk, UnitResult } from "../confirm/define.ts";

/** How a status looks and what it means for the person who looks at it. */
export interface StatusWords {
  label: string;
  tone: "wait" | "busy" | "good" | "bad" | "off";
  says: string;
}

export const statusWords: Readonly<Record<PlanStatus, StatusWords>> = {
  pending: { label: "Waits for you", tone: "wait", says: "Nothing has changed yet. Read it, then decide." },
  approved: { label: "Approved", tone: "busy", says: "It has not started yet." },
  running: { label: "Running", tone: "busy", says: "It runs now. You can close this page; it goes on." },
  done: { label: "Done", tone: "good", says: "Everything in this plan was done and checked." },
  rolled_back: {
    label: "Rolled back",
    tone: "bad",
    says: "It did not work out. What it had changed was put back, and that was checked.",
  },
  failed: { label: "Failed", tone: "bad", says: "It did not work out. Below is what is left." },
  unknown: {
    label: "Not known",
    tone: "bad",
    says: "It can't be told how it ended. Look at the targets before you go on.",
  },
  denied: { label: "Denied", tone: "off", says: "Nothing was changed. This plan can't run any more." },
  cancelled: { label: "Cancelled", tone: "off", says: "Nothing was changed. This plan can't run any more." },
  expired: {
    label: "Expired",
    tone: "off",
    says: "Nothing was changed. Its time ran out; ask Claude for a new plan if you still want it.",
  },
  stale: {
    label: "Out of date",
    tone: "off",
    says: "Nothing was changed. The target is not what it was when the plan was made; ask Claude for a new one.",
  },
  void: {
    label: "Void",
    tone: "off",
    says: "Nothing was changed. Three wrong codes were given; ask Claude for a new plan if you still want it.",
  },
};

export const riskLabels: Readonly<Record<Risk, string>> = {
  reversible: "Reversible",
  disruptive: "Disruptive",
  destructive: "Destructive",
};

export const outcomeWords: Readonly<Record<UnitResult["outcome"], { label: string; tone: StatusWords["tone"] }>> = {
  done: { label: "Done", tone: "good" },
  rolled_back: { label: "Rolled back", tone: "bad" },
  failed: { label: "Failed", tone: "bad" },
  unknown: { label: "Not known", tone: "bad" },
  not_started: { label: "Not started", tone: "off" },
};
