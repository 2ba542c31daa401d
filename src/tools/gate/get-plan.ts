import { z } from "zod";
import type { Gate } from "../../confirm/define.ts";
import { gateTool } from "../define.ts";
import { planAnswer, sayPlan } from "../plan-answer.ts";
import { planId } from "./plan-id.ts";
import { inItsWords } from "./read-plan.ts";

/** Follows one plan, or lists those that wait or run. */
export const getPlan = gateTool({
  kind: "planning",
  name: "get_plan",
  title: "Look at plans",
  description:
    "Shows one plan (status, progress, results), or all that wait or run. `cancel` withdraws the plan; one that runs " +
    "stops before its next step and is undone.",
  toolset: "core",
  needs: [],
  input: z.strictObject({ plan_id: planId.optional(), cancel: z.boolean().optional() }),
  output: z.object({ plans: z.array(planAnswer) }),
  async read({ plan_id, cancel }, { gate }) {
    if (plan_id === undefined) return { plans: await Promise.all(gate.pending().map((plan) => withWay(gate, plan))) };
    return { plans: [await withWay(gate, cancel ? gate.cancel(plan_id) : gate.get(plan_id))] };
  },
  say: ({ plans }) => plans.map(sayPlan).join("\n\n") || "No plan waits or runs.",
});

/** Where a person approves it is only said while it waits: asking for the page may start it. */
async function withWay(gate: Gate, plan: ReturnType<Gate["get"]>): Promise<z.input<typeof planAnswer>> {
  const answer = inItsWords(plan);
  return plan.status === "pending" ? { ...answer, approve: await gate.whereToApprove(plan.plan_id) } : answer;
}
