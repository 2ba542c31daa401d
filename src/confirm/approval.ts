import { z } from "zod";
import type { Approver } from "./approver.ts";
import { canonical } from "./canonical.ts";
import type { PlanDocument } from "./document.ts";

const statement = z.strictObject({
  purpose: z.literal("home-steward approval 1"),
  plan_id: z.string(),
  digest: z.string(),
  /** Of the code, or null when the person pressed "approve and run". */
  token_hash: z.string().nullable(),
  run: z.boolean(),
  /** ms since 1970 */
  approved_at: z.int(),
  expires_at: z.int(),
  surface: z.enum(["page", "terminal"]),
});
const approval = statement.extend({ signature: z.base64() });

/** What a person signs: everything that a later change of could turn into another approval, or a longer one. */
export type Statement = z.output<typeof statement>;
export type Approval = z.output<typeof approval>;

export const statementBytes = (said: Statement): Uint8Array => Buffer.from(canonical(said));

/**
 * The approval as stored, if the approver signed just this and it belongs to these bytes; else null, whatever the
 * database says.
 */
export function genuineApproval(
  stored: string | null,
  plan: PlanDocument,
  digest: string,
  approver: Approver,
): Approval | null {
  const read = approvalFrom(stored);
  if (!read) return null;
  const { signature, ...said } = read;
  const belongs = said.plan_id === plan.plan_id && said.digest === digest;
  const lasts = said.expires_at - said.approved_at;
  const inTime = said.approved_at <= Date.parse(plan.approve_by) && lasts <= plan.apply_within_s * 1000;
  if (!belongs || !inTime) return null;
  return approver.verify(statementBytes(said), Buffer.from(signature, "base64")) ? read : null;
}

/** Unchecked, for showing only. */
export function approvalFrom(stored: string | null): Approval | null {
  try {
    return stored === null ? null : approval.parse(JSON.parse(stored));
  } catch {
    return null;
  }
}
