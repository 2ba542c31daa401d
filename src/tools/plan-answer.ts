import { z } from "zod";
import { planStatuses } from "../confirm/define.ts";

const target = z.object({ kind: z.string(), host: z.string(), name: z.string() });

/** A plan as tools show it; `PlanView` of the gate plus where to approve it. */
export const planAnswer = z.object({
  plan_id: z.string(),
  tool: z.string(),
  status: z.enum(planStatuses),
  title: z.string(),
  risk: z.enum(["reversible", "disruptive", "destructive"]),
  targets: z.array(target),
  changes: z.array(z.string()),
  steps: z.array(z.string()),
  warnings: z.array(z.string()),
  undo: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  digest: z.string(),
  progress: z.object({ done: z.number(), total: z.number(), message: z.string() }).optional(),
  results: z
    .array(
      z.object({
        target,
        outcome: z.enum(["done", "updated", "rolled_back", "failed", "unknown", "not_started"]),
        why: z.string(),
      }),
    )
    .optional(),
  note: z.string(),
  approve: z.object({ url: z.string().nullable(), command: z.string() }).optional(),
});

/** A plan as its own tool answers it: nothing has run yet. Every planning tool lists this, so it is kept short. */
export const proposedAnswer = planAnswer.omit({ progress: true, results: true });

/** The plan in plain words, what matters first. */
export function sayPlan(plan: z.output<typeof planAnswer>): string {
  const lines = [`${plan.title}: ${plan.status}. ${plan.note}`];
  for (const result of plan.results ?? [])
    lines.push(`- ${result.target.name} on ${result.target.host}: ${result.outcome}. ${result.why}`);
  if (plan.results === undefined)
    lines.push(
      ...plan.changes.map((change) => `- ${change}`),
      ...plan.warnings.map((w) => `! ${w}`),
      `Undo: ${plan.undo}`,
    );
  if (plan.approve && plan.status === "pending") {
    lines.push(
      `A person approves it ${plan.approve.url ? `at ${plan.approve.url} or ` : ""}with: ${plan.approve.command}`,
    );
  }
  return lines.join("\n");
}
