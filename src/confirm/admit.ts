import { StewardError } from "../shared/errors.ts";
import { type Approval, genuineApproval } from "./approval.ts";
import type { Approver } from "./approver.ts";
import { isStopped, lockedOut, stoppedError, voidPlan, type Work } from "./core.ts";
import { type ConfirmLimits, WRONG_TOKENS } from "./limits.ts";
import { altered, readPlan, type StoredPlan, sweep, wasProposed } from "./stored.ts";
import { sameHex, tokenHash } from "./token.ts";

const HOUR_MS = 3_600_000;
/** What the audit says of a plan that can never run again, whatever its row says. */
const FINAL = ["started", "denied", "cancelled", "expired", "stale", "voided"];

/**
 * Whether a plan may run now. Errors (returned): refused, conflict. A wrong token counts, the third one voids the plan;
 * an approval that is not genuine voids it at once.
 */
export function admit(
  work: Work,
  planId: string,
  token: string | undefined,
  approver: Approver,
): StoredPlan | StewardError {
  sweep(work);
  const plan = readPlan(work.store.plans.get(planId), work.now);
  const refusal =
    lockedOut(work) ??
    (isStopped(work.store, work.audit) ? stoppedError() : undefined) ??
    (wasProposed(plan, work) ? undefined : altered());
  if (refusal) return refusal;
  if (plan.status === "pending" && token !== undefined) return wrongToken(work, plan);
  if (plan.status !== "approved") return notApproved(plan);
  // It ran or was taken back once: somebody set the row back.
  if (work.store.audit.ofPlan(planId, ...FINAL)) return forged(work, planId);
  const approval = genuineApproval(plan.row.approval, plan.document, plan.digest, approver);
  if (!approval) return forged(work, planId);
  return approval.run || isToken(work, plan, approval, token) ? plan : wrongToken(work, plan);
}

/** Takes the approval, once and for good: from here on nobody can run this plan again. */
export function consume(
  work: Work,
  planId: string,
  token: string | undefined,
  deps: { approver: Approver; limits: ConfirmLimits },
): StoredPlan | StewardError {
  const plan = admit(work, planId, token, deps.approver);
  if (plan instanceof StewardError) return plan;
  const since = work.now - HOUR_MS;
  const byPeople = work.store.audit.count("started", since) - work.store.audit.count("used", since);
  if (byPeople >= deps.limits.max_applies_per_hour) {
    return new StewardError(
      "refused",
      `${deps.limits.max_applies_per_hour} plans were run within the last hour, which is the owner's limit.`,
      "Wait until an hour has passed since the first of them.",
    );
  }
  work.append("started", planId, { digest: plan.digest, pid: process.pid });
  work.store.plans.update(planId, { status: "running" });
  return plan;
}

function isToken(work: Work, plan: StoredPlan, { token_hash }: Approval, token: string | undefined): boolean {
  if (token === undefined || token_hash === null) return false;
  return sameHex(token_hash, tokenHash(work.audit.keys.token, plan.digest, token));
}

function wrongToken(work: Work, plan: StoredPlan): StewardError {
  const wrong = plan.row.wrong_tokens + 1;
  work.store.plans.update(plan.id, { wrong_tokens: wrong });
  if (wrong < WRONG_TOKENS) {
    return new StewardError(
      "refused",
      "That is not the code of this plan.",
      "Only the person who approves has it: ask them. A few wrong codes void the plan.",
    );
  }
  voidPlan(work, plan.id, "Three wrong codes.");
  return new StewardError(
    "refused",
    "That is not the code of this plan. After three wrong ones it is void.",
    "A person should know of this.",
  );
}

function forged(work: Work, planId: string): StewardError {
  voidPlan(work, planId, "Its approval was not genuine.");
  return new StewardError(
    "refused",
    "The approval of this plan is not genuine. The plan is void.",
    "A person should look at the audit (home-steward audit verify) before anything else is planned.",
  );
}

function notApproved({ status }: StoredPlan): StewardError {
  if (status === "pending")
    return new StewardError("refused", "No person has approved this plan yet.", "A person decides about it.");
  return new StewardError(
    "conflict",
    `This plan cannot run: it is ${status.replace("_", " ")}.`,
    "get_plan says what became of it.",
  );
}
