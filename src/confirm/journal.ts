import { z } from "zod";
import type { JsonObject } from "../shared/json.ts";
import { cleanLine } from "../shared/text.ts";
import type { JournalRow } from "../store/journal.ts";
import { sha256 } from "./canonical.ts";
import type { Core } from "./core.ts";
import type { UnitResult } from "./define.ts";

/** Of what a running step says. */
const MAX_MESSAGE = 200;

type Way = "does" | "undoes";
type Ending = Pick<UnitResult, "outcome" | "why">;

/** The journal of one plan. What it says is on the disk before the call returns. */
export interface PlanJournal {
  /** Written before the effect: after a crash this is all that tells it may have happened. */
  intent(unit: number, step: number, way: Way, words: string): void;
  outcome(unit: number, step: number, way: Way, outcome: JsonObject): void;
  /** `untouched`: it changed nothing, and is not to be taken back. */
  failed(unit: number, step: number, way: Way, why: string, untouched?: boolean): void;
  ends(unit: number, ending: Ending): void;
  /** What a running step says, for those who follow the plan. Kept once a second at the most, and nowhere for good. */
  says(message: string): void;
}

/** `total` is the number of the plan's steps, `onProgress` hears of each one that ends. */
export function journalOf(
  core: Core,
  planId: string,
  total: number,
  onProgress: (done: number, message: string) => void,
): PlanJournal {
  let done = 0;
  let saidAt = 0;
  const write = (
    { unit, step, way, phase }: Pick<JournalRow, "unit" | "step" | "way" | "phase">,
    detail: JsonObject,
    message: string,
  ) => {
    core.audit().within((append) => {
      const { journal, plans } = core.store();
      journal.add({ plan_id: planId, unit, step, way, phase, at: core.now(), detail: JSON.stringify(detail) });
      plans.update(planId, { progress: JSON.stringify({ done, total, message }) });
      // The audit is read more widely than the journal: it gets a fingerprint of what a step returned, not that.
      append(`${way}_${phase}`, planId, { unit, step, sha256: sha256(JSON.stringify(detail)) });
    });
    onProgress(done, message);
  };
  return {
    intent: (unit, step, way, words) => write({ unit, step, way, phase: "intent" }, {}, words),
    outcome(unit, step, way, outcome) {
      if (way === "does") done++;
      write({ unit, step, way, phase: "outcome" }, { outcome }, "");
    },
    failed: (unit, step, way, why, untouched = false) =>
      write({ unit, step, way, phase: "error" }, { why, ...(untouched && { untouched }) }, why),
    says(said) {
      const now = core.now();
      const message = cleanLine(said, MAX_MESSAGE);
      onProgress(done, message);
      if (Math.abs(now - saidAt) < 1_000) return;
      saidAt = now;
      try {
        core.store().plans.update(planId, { progress: JSON.stringify({ done, total, message }) });
      } catch {
        // what is only said may be lost
      }
    },
    ends: (unit, { outcome, why }) =>
      write({ unit, step: 0, way: "ends", phase: "outcome" }, { ending: outcome, why }, why),
  };
}

const outcomeDetail = z.object({ outcome: z.record(z.string(), z.json()) });
const errorDetail = z.object({ untouched: z.boolean().default(false) });
const endingDetail = z.object({
  ending: z.enum(["done", "rolled_back", "failed", "unknown", "not_started"]),
  why: z.string(),
});

/** What a journal says of one unit: how it ended, if it did, and else which steps began and may have changed something. */
export function whatBegan(
  rows: readonly JournalRow[],
  unit: number,
): { ending: Ending | undefined; begun: { step: number; outcome: JsonObject | undefined }[] } {
  const mine = rows.filter((row) => row.unit === unit);
  const end = mine.findLast(({ way }) => way === "ends");
  const ending = end && endingDetail.parse(JSON.parse(end.detail ?? "null"));
  const does = mine.filter(({ way }) => way === "does");
  const untouched = does.filter(
    ({ phase, detail }) => phase === "error" && errorDetail.parse(JSON.parse(detail ?? "{}")).untouched,
  );
  const begun = does
    .filter(({ phase, step }) => phase === "intent" && !untouched.some((row) => row.step === step))
    .map(({ step }) => {
      const ended = does.find((row) => row.phase === "outcome" && row.step === step);
      return { step, outcome: ended && outcomeDetail.parse(JSON.parse(ended.detail ?? "null")).outcome };
    });
  return { ending: ending && { outcome: ending.ending, why: ending.why }, begun };
}
