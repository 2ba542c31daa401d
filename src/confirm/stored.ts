import { z } from "zod";
import { StewardError } from "../shared/errors.ts";
import type { PlanRow } from "../store/plans.ts";
import { type Approval, approvalFrom } from "./approval.ts";
import { sha256 } from "./canonical.ts";
import { voidPlan, type Work } from "./core.ts";
import { type PlanStatus, planStatuses, type UnitResult } from "./define.ts";
import { type PlanDocument, planDocument } from "./document.ts";

const statuses = z.enum(planStatuses);
const progress = z.strictObject({ done: z.int(), total: z.int(), message: z.string() });
const results: z.ZodType<UnitResult[]> = z.array(
  z.strictObject({
    target: z.strictObject({ kind: z.string(), host: z.string(), name: z.string() }),
    outcome: z.enum(["done", "rolled_back", "failed", "unknown", "not_started"]),
    why: z.string(),
  }),
);

/** A stored plan, its bytes checked against its digest. */
export interface StoredPlan {
  readonly id: string;
  readonly digest: string;
  readonly document: PlanDocument;
  /** As of now: what waits past its time has expired, whether somebody wrote that down or not. */
  readonly status: PlanStatus;
  /** When it must have been approved, or once approved, started. ms since 1970. */
  readonly expiresAt: number;
  /** As stored: `genuineApproval` says whether to believe it. */
  readonly approval: Approval | null;
  readonly row: PlanRow;
  readonly progress: z.output<typeof progress> | undefined;
  readonly results: UnitResult[] | undefined;
}

/** Plan ids as the gate makes them. */
export const PLAN_ID = /^p-[a-z2-9]{10}$/;

/** Errors: not_found, refused (the stored plan was altered). */
export function readPlan(row: PlanRow | undefined, now: number): StoredPlan {
  if (!row) throw noSuchPlan();
  const document = row.digest === sha256(row.document) ? parsed(planDocument, row.document) : undefined;
  const status = statuses.safeParse(row.status).data;
  if (document?.plan_id !== row.id || !status) throw altered();
  const approval = approvalFrom(row.approval);
  const expiresAt = status === "approved" ? (approval?.expires_at ?? 0) : Date.parse(document.approve_by);
  const waits = status === "pending" || status === "approved";
  return {
    id: row.id,
    digest: row.digest,
    document,
    status: waits && now >= expiresAt ? "expired" : status,
    expiresAt,
    approval,
    row,
    progress: parsed(progress, row.progress),
    results: parsed(results, row.results),
  };
}

/** The same, or undefined where the plan was altered. */
export function readPlanIfWhole(row: PlanRow, now: number): StoredPlan | undefined {
  try {
    return readPlan(row, now);
  } catch {
    return undefined;
  }
}

/** Writes down what time and tampering have done to the plans that wait. */
export function sweep(work: Work): void {
  for (const row of work.store.plans.withStatus("pending", "approved")) {
    const plan = readPlanIfWhole(row, work.now);
    if (!plan) voidPlan(work, row.id, "It was altered after it was stored.");
    if (plan?.status !== "expired") continue;
    work.store.plans.update(row.id, { status: "expired" });
    work.append("expired", row.id, {});
  }
}

/**
 * Whether this is the plan the gate wrote down when it was proposed, and the audit since then is whole. Otherwise
 * somebody put another plan, or an old one, into the database.
 */
export function wasProposed(plan: StoredPlan, { store, audit }: Pick<Work, "store" | "audit">): boolean {
  const record = store.audit.at(plan.row.audit_seq);
  return (
    record?.event === "proposed" &&
    record.plan_id === plan.id &&
    record.record.includes(`"digest":"${plan.digest}"`) &&
    audit.verify(record.seq).state === "intact"
  );
}

export const noSuchPlan = () =>
  new StewardError("not_found", "There is no such plan.", "get_plan lists the ones that wait.");

export const altered = () =>
  new StewardError(
    "refused",
    "This plan was altered after it was stored. It will not run.",
    "A person should look at the audit (home-steward audit verify) before anything else is planned.",
  );

function parsed<T>(schema: z.ZodType<T>, text: string | null): T | undefined {
  try {
    return text === null ? undefined : schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
