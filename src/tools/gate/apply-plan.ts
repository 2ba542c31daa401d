import { z } from "zod";
import { gateTool } from "../define.ts";
import { planAnswer, sayPlan } from "../plan-answer.ts";
import { planId } from "./plan-id.ts";
import { inItsWords } from "./read-plan.ts";

/** The only tool that changes anything, and only what a person approved. */
export const applyPlan = gateTool({
  kind: "applying",
  name: "apply_plan",
  title: "Apply an approved plan",
  description:
    "Runs a plan that a person approved, with the code they got; or waits until they approve it to run. " +
    "A long run goes on: get_plan follows it.",
  toolset: "core",
  needs: [],
  input: z.strictObject({
    plan_id: planId,
    token: z.string().max(32).optional().describe("The person's code. Never guess one."),
    wait_s: z.int().min(0).max(50).optional().describe("Wait so long for the approval"),
  }),
  output: planAnswer,
  read: async ({ plan_id, token, wait_s }, { gate, signal, progress }) =>
    inItsWords(
      await gate.apply(plan_id, {
        ...(token !== undefined && { token }),
        ...(wait_s !== undefined && { waitSeconds: wait_s }),
        signal,
        progress,
      }),
    ),
  say: sayPlan,
});
