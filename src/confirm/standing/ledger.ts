import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { AuditRow } from "../../store/audit.ts";
import { genuineApproval } from "../approval.ts";
import type { Approver } from "../approver.ts";
import type { Work } from "../core.ts";
import type { GrantState } from "../define-standing.ts";
import type { GrantTerms, PlanDocument } from "../document.ts";
import { readPlanIfWhole, type StoredPlan, wasProposed } from "../stored.ts";
import { sameTarget, type Use } from "./rules.ts";

type On = Pick<Work, "store" | "audit" | "now">;

/** A standing approval as stored, and what it was used for. */
export interface Held {
  readonly id: string;
  readonly terms: GrantTerms;
  readonly state: GrantState;
  /** ms since 1970 */
  readonly grantedAt: number;
  /** Oldest first. */
  readonly uses: readonly (Use & { planId: string | null; digest: string })[];
}

/** Uses and drills count alike: a drill shows when the real one would end. */
const USES = ["used", "drilled"];
const ENDED = "grant_ended";

const useRecord = z.object({
  detail: z.object({
    kind: z.string(),
    host: z.string(),
    name: z.string(),
    fresh: z.boolean(),
    use: z.string().nullable(),
    digest: z.string(),
  }),
});
const endRecord = z.object({ detail: z.object({ how: z.enum(["revoked", "expired", "replaced", "not_genuine"]) }) });

/**
 * Reads a grant from what cannot be forged: the plan's bytes, the person's signature over them, and the audit, which says
 * that the plan came through, what it was used for and how it ended. `whole` also checks the audit from the plan's
 * proposal to its end: a use does, a list need not. Undefined: the plan never granted anything.
 */
export function heldGrant(planId: string, on: On, approver: Approver, whole: boolean): Held | undefined {
  const { store, audit, now } = on;
  const row = store.plans.get(planId);
  const plan = row && readPlanIfWhole(row, now);
  const granted = store.audit.ofPlan(planId, "granted");
  const terms = plan?.document.grant;
  if (!plan || !terms || !granted) return undefined;
  const records = store.audit.allOfPlan(planId, ...USES);
  const ended = store.audit.ofPlan(planId, ENDED);
  const signed = genuineApproval(plan.row.approval, plan.document, plan.digest, approver);
  const written = [granted, ...records, ...(ended ? [ended] : [])].every((record) => audit.genuine(record));
  const genuine = signed && written && (!whole || wasProposed(plan, on));
  const state = !genuine ? "not_genuine" : ended ? howIt(ended) : Date.parse(terms.until) <= now ? "expired" : "active";
  return { id: planId, terms, state, grantedAt: granted.at, uses: records.map(useFrom) };
}

const howIt = ({ record }: AuditRow): GrantState => endRecord.parse(JSON.parse(record)).detail.how;

function useFrom({ at, record }: AuditRow): Held["uses"][number] {
  const { use, ...rest } = useRecord.parse(JSON.parse(record)).detail;
  return { at, planId: use, ...rest };
}

/** Ends a grant for good; what runs under it stops before its next step. */
export function endGrant(
  { store, append }: Work,
  { id, uses }: Held,
  how: GrantState,
  more: { surface?: string } = {},
) {
  store.grants.end(id, how);
  append(ENDED, id, { how, ...more });
  const running = uses
    .flatMap(({ planId }) => planId ?? [])
    .filter((use) => store.plans.get(use)?.status === "running");
  for (const use of running) store.plans.update(use, { stop_asked: 1 });
}

/** Every grant there is, oldest first. */
export const heldGrants = (on: On, approver: Approver): Held[] =>
  on.store.grants.all().flatMap(({ plan_id }) => heldGrant(plan_id, on, approver, false) ?? []);

/** Writes down which grants have run out. */
export function sweepGrants(work: Work, approver: Approver): void {
  for (const { plan_id, ended } of work.store.grants.all()) {
    if (ended !== null) continue;
    const held = heldGrant(plan_id, work, approver, false);
    if (held?.state === "expired") endGrant(work, held, "expired");
  }
}

/** With the end of the plan that carries it a grant begins; an older one of the same action and targets is replaced. */
export function beginGrant(work: Work, { plan_id, grant }: PlanDocument, approver: Approver): void {
  if (!grant) return;
  const { store, append, now } = work;
  const older = heldGrants(work, approver).filter(
    ({ state, terms }) => state === "active" && terms.action === grant.action && sameTargets(terms, grant),
  );
  for (const held of older) endGrant(work, held, "replaced");
  store.grants.add(plan_id, now);
  append("granted", plan_id, { action: grant.action, until: grant.until });
}

const sameTargets = ({ targets }: GrantTerms, other: GrantTerms): boolean =>
  targets.every((target) => other.targets.some((one) => sameTarget(one, target)));

export const noSuchGrant = () =>
  new StewardError("not_found", "There is no such standing approval.", "get_automations lists them.");

/** Whether a use of a genuine grant was written down for just these bytes: what stands for a person's approval of them. */
export function wasUsed(plan: StoredPlan, on: On, approver: Approver): boolean {
  const { under } = plan.document;
  if (under === undefined) return false;
  const held = heldGrant(under, on, approver, true);
  if (!held || held.state === "not_genuine") return false;
  return held.uses.some(({ planId, digest }) => planId === plan.id && digest === plan.digest);
}
