import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import { takeLock } from "../../store/database.ts";
import { type Applying, type Bench, busy, type Following, isStale } from "../apply.ts";
import { isStopped, lockedOut, stoppedError, type Work } from "../core.ts";
import type { PlanView, Proposal } from "../define.ts";
import type { GrantTarget } from "../define-standing.ts";
import { draftPlan, keepPlan } from "../propose.ts";
import { altered, readPlan, readPlanIfWhole, type StoredPlan, sweep } from "../stored.ts";
import { endGrant, type Held, heldGrant, noSuchGrant, sweepGrants } from "./ledger.ts";
import { sameTarget, type Wait, waitOf } from "./rules.ts";
import { coveredTarget } from "./terms.ts";

/** A clock may be corrected by so much without being behind, ms. */
const TOLERANCE_MS = 2_000;
const HOUR_MS = 3_600_000;

/** One use, as it is asked for. */
interface UseAsked {
  /** Of the grant's tool, and what that plans on it. */
  input: Json;
  proposal: Proposal;
  /** Whether it begins a new row (GrantLimits.stop_after). */
  fresh: boolean;
}

/** Uses standing approvals. What asks is src/watch; a tool never does. */
export interface Standing {
  /** What stands against a use now, without recording anything; undefined: try it. Errors: not_found. */
  obstacle(grantId: string, target: GrantTarget, fresh: boolean): StewardError | undefined;
  /**
   * Runs the plan under the grant, once it is held against it, and answers how it ended; null for a drill. Errors:
   * refused (not granted, stopped, locked, not genuine), conflict (too soon, used up, busy, the state has changed).
   */
  use(grantId: string, asked: UseAsked, options: Following & { signal: AbortSignal }): Promise<PlanView | null>;
}

export function createStanding<C, R>(bench: Bench<C, R>, applying: Applying): Standing {
  const { core, deps, approver } = bench;
  const reading = () => ({ store: core.store(), audit: core.audit(), now: core.now() });

  return {
    obstacle(grantId, target, fresh) {
      const on = reading();
      const held = heldGrant(grantId, on, approver, false);
      return held ? obstacleTo(on, held, { target, fresh }, deps.limits) : noSuchGrant();
    },

    async use(grantId, asked, options) {
      const held = heldGrant(grantId, reading(), approver, false);
      if (!held) core.decide("use", grantId, (work) => notHeld(work, grantId));
      const actions = held && deps.actions.get(held.terms.tool);
      if (!actions) throw noSuchGrant();
      const lock = takeLock(deps.folder, "apply");
      if (!lock) throw busy();
      let plan: StoredPlan | null;
      try {
        if (await isStale(asked.proposal.units, actions, deps.systems)) throw changed();
        options.signal.throwIfAborted();
        plan = core.decide("use", grantId, (work) => consumeUse(work, grantId));
      } catch (error) {
        lock.release();
        throw error;
      }
      if (plan) return applying.launch(lock, plan, options);
      lock.release();
      return null;

      /** Everything is decided here, in one transaction with the record that it was used. */
      function consumeUse(work: Work, id: string): StoredPlan | null | StewardError {
        sweep(work);
        sweepGrants(work, approver);
        const grant = heldGrant(id, work, approver, true);
        if (!grant || !actions) return notHeld(work, id);
        if (grant.state === "not_genuine") {
          endGrant(work, grant, "not_genuine");
          return forged();
        }
        const { input, proposal, fresh } = asked;
        const target = coveredTarget(grant.terms, { input, proposal, ...actions });
        if (target instanceof StewardError) return target;
        const from = { input, proposal, actions, limits: deps.limits, under: id };
        const drafted = obstacleTo(work, grant, { target, fresh }, deps.limits) ?? draftPlan(from, work.now);
        if (drafted instanceof StewardError) return drafted;
        const { digest } = drafted;
        if (grant.terms.drill) {
          work.append("drilled", id, { ...target, fresh, digest, use: null });
          return null;
        }
        keepPlan(work, from, drafted, "running");
        work.append("used", id, { ...target, fresh, digest, use: drafted.id });
        work.append("started", drafted.id, { digest, pid: process.pid });
        return readPlan(work.store.plans.get(drafted.id), work.now);
      }
    },
  };
}

/** Everything but the plan itself: whether this grant may be used on this target now. */
function obstacleTo(
  on: Pick<Work, "store" | "audit" | "now">,
  { id, terms, state, uses }: Held,
  { target, fresh }: { target: GrantTarget; fresh: boolean },
  limits: { max_applies_per_hour: number },
): StewardError | undefined {
  const { store, audit, now } = on;
  if (isStopped(store, audit)) return stoppedError();
  if (state !== "active") return ended(state);
  if (isBehind(on, id)) return behind();
  if (isOccupied(on, target)) return occupied();
  if (terms.emergency) return undefined;
  const wait = waitOf(terms.limits, uses, { target, fresh, now });
  if (wait) return waits(wait);
  if (store.audit.count("used", now - HOUR_MS) >= limits.max_applies_per_hour) return usedUp();
  return lockedOut(on);
}

/**
 * A clock set back would lend a grant a longer life and new tries. The audit's times can't be forged, so until the clock
 * has passed the latest of them again nothing is done; a new approval begins anew.
 */
const isBehind = ({ store, now }: Pick<Work, "store" | "now">, grantId: string): boolean =>
  store.audit.latest(store.plans.get(grantId)?.audit_seq ?? 0) > now + TOLERANCE_MS;

const notHeld = ({ store, now }: Pick<Work, "store" | "now">, grantId: string): StewardError => {
  const row = store.plans.get(grantId);
  return row && !readPlanIfWhole(row, now) ? altered() : noSuchGrant();
};

/** A plan for the same target that a person decides about, that runs, or whose end is still being looked for. */
function isOccupied({ store, now }: Pick<Work, "store" | "now">, target: GrantTarget): boolean {
  const rows = store.plans.withStatus("pending", "approved", "running", "unknown");
  return rows
    .filter(({ status, recover_until }) => status !== "unknown" || (recover_until !== null && recover_until > now))
    .flatMap((row) => readPlanIfWhole(row, now) ?? [])
    .filter(({ status }) => status !== "expired")
    .some(({ document }) => document.units.some((unit) => sameTarget(unit.target, target)));
}

const forged = () =>
  new StewardError(
    "refused",
    "This standing approval is not genuine. It has ended.",
    "A person should look at the audit (home-steward audit verify).",
  );

const ended = (state: string) =>
  new StewardError(
    "refused",
    `This standing approval has ended: ${state.replace("_", " ")}.`,
    "A person decides anew.",
  );

const behind = () =>
  new StewardError(
    "refused",
    "The clock of this machine is behind what was recorded, so nothing is done by itself.",
    "A person sets the clock.",
  );

const occupied = () =>
  new StewardError("conflict", "Another plan for the same target waits or runs.", "That one is decided first.");

const changed = () =>
  new StewardError(
    "conflict",
    "What it was based on has changed meanwhile. Nothing was done.",
    "It is looked at anew.",
  );

const usedUp = () =>
  new StewardError(
    "conflict",
    "Standing approvals were used as often as the owner allows in an hour.",
    "It goes on later.",
  );

const waits = ({ why, until }: Wait): StewardError => {
  if (why === "stopped")
    return new StewardError(
      "conflict",
      "It helped too often in a row, so this target is left alone.",
      "A person looks for the cause; get_automations says which targets that are.",
    );
  const when = until === null ? "later" : new Date(until).toISOString();
  const says = why === "used_up" ? "It was used as often as was granted." : "It was tried a short while ago.";
  return new StewardError("conflict", says, `It may be tried again after ${when}.`);
};
