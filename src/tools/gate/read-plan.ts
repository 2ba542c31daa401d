import type { z } from "zod";
import type { PlanView } from "../../confirm/define.ts";
import type { planAnswer } from "../plan-answer.ts";

/** What a tool calls a target that came through, where "done" says too little. */
const doneWords = new Map([["update_container", "updated" as const]]);

/** A plan as tools and resources show it: each outcome in the word of the plan's own tool. */
export function inItsWords({ results, ...plan }: PlanView): z.input<typeof planAnswer> {
  if (results === undefined) return plan;
  const done = doneWords.get(plan.tool) ?? "done";
  return { ...plan, results: results.map((one) => (one.outcome === "done" ? { ...one, outcome: done } : one)) };
}
