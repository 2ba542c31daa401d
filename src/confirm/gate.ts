import type { Clock } from "../shared/clock.ts";
import { StewardError } from "../shared/errors.ts";
import type { Store } from "../store/open.ts";
import { createApplying } from "./apply.ts";
import { createDeciding } from "./approve.ts";
import { approverIn } from "./approver.ts";
import { createCore, isStopped, type Work } from "./core.ts";
import type { Actions, Approvals, Authorised } from "./define.ts";
import type { ConfirmLimits } from "./limits.ts";
import { storeProposal } from "./propose.ts";
import { recover } from "./recovery.ts";
import { createRevoking } from "./standing/revoke.ts";
import { termsFor } from "./standing/terms.ts";
import { createStanding, type Standing } from "./standing/use.ts";
import { noSuchPlan, PLAN_ID, readPlan, readPlanIfWhole, type StoredPlan } from "./stored.ts";
import { planView } from "./view.ts";
import { planWords } from "./words.ts";

/** What the gate is built from. `C` is the changing systems, `R` the reading ones; the gate knows neither. */
export interface GateDeps<C, R> {
  /** The state folder: approver.json, gate.key and audit.head lie in it, beside the database and apart from it. */
  folder: string;
  /** Opened at first use; `storeAt(folder)` makes one. */
  store: () => Store;
  clock: Clock;
  limits: ConfirmLimits;
  /** No plan is made and none runs. */
  readOnly: boolean;
  /** By tool name. */
  actions: ReadonlyMap<string, Actions<C, R>>;
  systems: R;
  /** Opens the changing systems. It has to call `assertAuthorised` (authorised.ts) before it opens anything. */
  openChanges(authorised: Authorised): C | Promise<C>;
  /** The approval page's address of a plan; starts the page when nobody serves it. Null where there is no page. */
  pageUrl(planId: string): Promise<string | null>;
  /** What a person types to approve it in a terminal; `home-steward approve PLAN` when left out. */
  approveCommand?(planId: string): string;
  /** Watches over a running plan from another process (guardian.ts). */
  guard?: (planId: string) => Watch;
  /** For the log on stderr: errors that are no answer. */
  log?: (message: string, error: unknown) => void;
}

/** A watcher over one running plan; told when the plan has ended. */
export interface Watch {
  over(): void;
}

/** The gate, and what the house calls at its start and end. */
export interface GateService extends Approvals {
  /**
   * Looks after plans whose process died in the middle: reads where they stand, and undoes what is half done
   * (docs/decisions/0003). Answers how many are still unknown: call it again in a minute when there are some.
   */
  recover(): Promise<{ unknown: number }>;
  /** For src/watch: plans that run under a standing approval. */
  readonly standing: Standing;
  /** Resolves when nothing of this process runs any more: wait for it before ending. */
  idle(): Promise<void>;
}

/** Builds the gate. Opens nothing yet: what is missing or broken refuses at the call and says why. */
export function createGate<C, R>(deps: GateDeps<C, R>): GateService {
  const core = createCore(deps.store, deps.clock);
  const approver = approverIn(deps.folder);
  const log = deps.log ?? (() => {});
  const bench = { deps, core, approver, log };
  const applying = createApplying(bench);
  const standing = createStanding(bench, applying);
  const rowOf = (planId: string) => {
    const row = PLAN_ID.test(planId) ? core.store().plans.get(planId) : undefined;
    if (row) return row;
    throw noSuchPlan();
  };
  const plan = (planId: string) => readPlan(rowOf(planId), core.now());
  const mayChange = (what: string, planId: string | null) => {
    const missing = deps.readOnly ? readOnly() : approver.exists() ? undefined : noApprover();
    if (missing) core.decide(what, planId, () => missing);
  };

  return {
    ...createDeciding(core, approver, rowOf),
    ...createRevoking(core, approver),
    hasApprover: () => approver.exists(),
    words(planId) {
      const { document, digest } = plan(planId);
      return planWords(document, digest);
    },
    get: (planId) => planView(plan(planId)),
    stopped: () => isStopped(core.store(), core.audit()),
    recover: () => recover(bench),
    idle: applying.idle,
    standing: {
      obstacle: standing.obstacle,
      async use(grantId, asked, options) {
        mayChange("use", grantId);
        return standing.use(grantId, asked, options);
      },
    },

    async propose(tool, input, proposal) {
      mayChange("propose", null);
      const actions = deps.actions.get(tool);
      if (!actions) throw new Error(`The gate was not told how ${tool} runs its plans`);
      const from = { input, proposal, actions, limits: deps.limits };
      const stored = core.decide("propose", null, (work) => {
        if (!proposal.grant) return storeProposal(work, from);
        const grant = termsFor(proposal.grant, deps.actions, deps.limits, work.now);
        return grant instanceof StewardError ? grant : storeProposal(work, { ...from, grant });
      });
      return planView(plan(stored));
    },

    pending() {
      const waiting = core.store().plans.withStatus("pending", "approved", "running");
      // One that was altered is left out; the next decision voids it.
      const plans = waiting.flatMap((row) => readPlanIfWhole(row, core.now()) ?? []);
      return plans.filter(({ status }) => status !== "expired").map(planView);
    },

    cancel(planId) {
      const { id } = rowOf(planId);
      core.decide("cancel", id, (work) => withdrawn(work, readPlan(work.store.plans.get(id), work.now)));
      return planView(plan(id));
    },

    async apply(planId, options) {
      const { id } = rowOf(planId);
      mayChange("apply", id);
      return applying.apply(id, options);
    },

    async whereToApprove(planId) {
      const { id } = plan(planId);
      return { url: await deps.pageUrl(id), command: deps.approveCommand?.(id) ?? `home-steward approve ${id}` };
    },
  };
}

/** What waits is withdrawn at once; what runs stops before its next step, and goes back. */
function withdrawn({ store, append }: Work, { id, status }: StoredPlan): null | StewardError {
  if (status === "running") {
    store.plans.update(id, { stop_asked: 1 });
    append("stop_asked", id, {});
    return null;
  }
  if (status !== "pending" && status !== "approved")
    return new StewardError(
      "conflict",
      `This plan is ${status.replace("_", " ")} already.`,
      "There is nothing to stop.",
    );
  store.plans.update(id, { status: "cancelled" });
  append("cancelled", id, {});
  return null;
}

const readOnly = () =>
  new StewardError(
    "refused",
    "The owner has set this Home Steward to read only.",
    "Nothing can be planned or changed here.",
  );

const noApprover = () =>
  new StewardError(
    "refused",
    "There is no approver yet, so nobody could approve a change.",
    "The owner makes one in a terminal: home-steward setup",
  );
