import { StewardError } from "../shared/errors.ts";
import { type Lock, takeLock } from "../store/database.ts";
import { admit, consume } from "./admit.ts";
import type { Approver } from "./approver.ts";
import { canonical } from "./canonical.ts";
import { type Core, isStopped } from "./core.ts";
import type { Actions, ApplyOptions, PlanView, Unit, UnitResult } from "./define.ts";
import type { GateDeps, Watch } from "./gate.ts";
import { issue, withdraw } from "./issue.ts";
import { journalOf } from "./journal.ts";
import { notStarted, type Runner, resultOf, runUnits, statusOf } from "./run.ts";
import { beginGrant } from "./standing/ledger.ts";
import { altered, readPlan, readPlanIfWhole, type StoredPlan } from "./stored.ts";
import { planView } from "./view.ts";

/** A client gives a call about 60 s. After so long it gets the running plan, and the job goes on. */
const ANSWER_WITHIN_MS = 40_000;
const ANSWER_AT_LEAST_MS = 5_000;
const MAX_WAIT_S = 50;
const POLL_MS = 300;
/** For how long an interrupted plan is undone by itself, after the first look at it. */
export const RECOVER_FOR_MS = 3_600_000;

/** What applying and recovering work with. */
export interface Bench<C, R> {
  readonly deps: GateDeps<C, R>;
  readonly core: Core;
  readonly approver: Approver;
  log(message: string, error: unknown): void;
}

/** Who hears how far it is. */
export type Following = Pick<ApplyOptions, "progress">;

/** Runs approved plans, one at a time over all processes. */
export interface Applying {
  apply(planId: string, options: ApplyOptions): Promise<PlanView>;
  /** Runs a plan whose approval was consumed, and gives the lock back at its end. */
  launch(lock: Lock, plan: StoredPlan, options: Following): Promise<PlanView>;
  /** Resolves when nothing of this process runs any more. */
  idle(): Promise<void>;
}

export function createApplying<C, R>(bench: Bench<C, R>): Applying {
  const { deps, core, approver } = bench;
  const jobs = new Set<Promise<unknown>>();
  const look = (planId: string) => readPlan(core.store().plans.get(planId), core.now());

  const start = (planId: string, options: ApplyOptions): Promise<PlanView> => {
    const lock = takeLock(deps.folder, "apply");
    if (!lock) throw busy();
    let plan: StoredPlan;
    try {
      plan = core.decide("apply", planId, (work) =>
        consume(work, planId, options.token, { approver, limits: deps.limits }),
      );
    } catch (error) {
      lock.release();
      throw error;
    }
    return launch(lock, plan, options);
  };

  const launch: Applying["launch"] = (lock, plan, options) => {
    const watch = watched(bench, plan.id);
    const job = runJob(bench, plan, options).finally(() => {
      lock.release();
      watch?.over();
      jobs.delete(job);
    });
    jobs.add(job);
    return job.then(() => planView(look(plan.id)));
  };

  return {
    launch,
    async apply(planId, options) {
      const began = deps.clock.monotonic();
      const row = core.store().plans.get(planId);
      if (row && !readPlanIfWhole(row, core.now())) core.decide("apply", planId, altered);
      if (options.token === undefined && !(await isToRun(bench, planId, options))) return planView(look(planId));
      const plan = core.decide("apply", planId, (work) => admit(work, planId, options.token, approver));
      const actions = actionsOf(bench, plan);
      if (await isStale(plan.document.units, actions, deps.systems)) {
        core.decide("apply", planId, ({ store, append }) => {
          if (look(planId).status === "approved") store.plans.update(planId, { status: "stale" });
          append("stale", planId, {});
          return null;
        });
        return planView(look(planId));
      }
      options.signal.throwIfAborted();
      const left = Math.max(ANSWER_WITHIN_MS - (deps.clock.monotonic() - began), ANSWER_AT_LEAST_MS);
      const done = new AbortController();
      const running = start(planId, options).finally(() => done.abort());
      running.catch((error) => bench.log("A plan's end could not be written down", error)); // the caller may be gone
      const late = deps.clock.sleep(left, done.signal).then(() => planView(look(planId)));
      return Promise.race([running, late.catch(() => running)]);
    },
    async idle() {
      await Promise.allSettled(jobs);
    },
  };
}

/** Waits for a person to press "approve and run". False: there is nothing to start without a code. */
async function isToRun<C, R>({ deps, core }: Bench<C, R>, planId: string, options: ApplyOptions): Promise<boolean> {
  const until = deps.clock.monotonic() + Math.min(options.waitSeconds ?? 0, MAX_WAIT_S) * 1000;
  for (let waited = false; ; waited = true) {
    const { status, approval } = readPlan(core.store().plans.get(planId), core.now());
    if (status === "approved") return approval?.run === true;
    if (status !== "pending") return !waited; // what became of it meanwhile is an answer; what was so before, a refusal
    if (deps.clock.monotonic() >= until) return false;
    await deps.clock.sleep(POLL_MS, options.signal);
  }
}

/** A plan runs without its watcher too: the next start looks after it then. */
function watched<C, R>({ deps, log }: Bench<C, R>, planId: string): Watch | undefined {
  try {
    return deps.guard?.(planId);
  } catch (error) {
    log("The watcher of a plan could not be started", error);
    return undefined;
  }
}

export async function isStale<C, R>(units: readonly Unit[], actions: Actions<C, R>, systems: R): Promise<boolean> {
  const now = await Promise.all(units.map((unit) => actions.observe(unit, systems)));
  return units.some(({ basis }, place) => canonical(now[place] ?? null) !== canonical(basis));
}

/** Errors: unsupported (the tool is gone, or takes other input now than when the plan was made). */
export function actionsOf<C, R>({ deps }: Bench<C, R>, { document }: StoredPlan): Actions<C, R> {
  const actions = deps.actions.get(document.tool);
  if (actions?.schemaHash === document.schema_hash) return actions;
  throw new StewardError(
    "unsupported",
    "This plan was made by another version of its tool, or by one that is not configured here.",
    "Plan it anew.",
  );
}

async function runJob<C, R>(bench: Bench<C, R>, plan: StoredPlan, options: Following): Promise<void> {
  const { deps, core } = bench;
  const { units } = plan.document;
  const total = units.reduce((sum, { steps }) => sum + steps.length, 0);
  const over = new AbortController();
  const authorised = issue(plan.id, plan.digest);
  const report = (done: number, message: string) => quietly(() => options.progress(done, total, message));
  const journal = journalOf(core, plan.id, total, report);
  const stopAsked = () => isStopAsked(core, plan.id);
  let results: UnitResult[];
  try {
    const runner: Runner<C, R> = {
      actions: actionsOf(bench, plan),
      authorised,
      changes: await deps.openChanges(authorised),
      systems: deps.systems,
      clock: deps.clock,
      journal,
      signal: stopSignal(bench, stopAsked, over.signal),
      stopAsked,
      say: (message) => journal.says(message),
      log: bench.log,
    };
    results = await runUnits(runner, units);
  } catch (error) {
    // Only what comes before the first effect ends here: a unit that began is put back by runUnits.
    bench.log("A plan could not be run", error);
    const why = error instanceof StewardError ? `${error.message} ${error.fix}` : "It could not be begun.";
    results = units.map((unit) => resultOf(unit, notStarted(why)));
  } finally {
    withdraw(authorised);
    over.abort();
  }
  finish(bench, plan, results);
}

/** Writes down how a plan ended. One that cannot be told yet is looked at again for an hour. */
export function finish<C, R>({ core, approver }: Bench<C, R>, plan: StoredPlan, results: readonly UnitResult[]): void {
  const { id, document } = plan;
  const status = statusOf(results);
  const [store, audit] = [core.store(), core.audit()];
  audit.within((append) => {
    const until = status === "unknown" ? (store.plans.get(id)?.recover_until ?? core.now() + RECOVER_FOR_MS) : null;
    store.plans.update(id, {
      status,
      results: JSON.stringify(results),
      recover_until: until,
      progress: null,
      note: "",
    });
    append("ended", id, { status, outcomes: results.map(({ outcome }) => outcome) });
    // Who stopped it, though too late for its last step, did not want what comes after it.
    const wanted = status === "done" && store.plans.get(id)?.stop_asked !== 1;
    if (wanted) beginGrant({ store, audit, append, now: core.now() }, document, approver);
  });
}

const isStopAsked = (core: Core, planId: string) =>
  core.store().plans.get(planId)?.stop_asked === 1 || isStopped(core.store(), core.audit());

/** Aborts soon after a person has stopped it, for steps that wait long. */
function stopSignal<C, R>({ deps }: Bench<C, R>, stopAsked: () => boolean, over: AbortSignal): AbortSignal {
  const stop = new AbortController();
  const watch = async () => {
    while (!over.aborted && !stop.signal.aborted) {
      await deps.clock.sleep(POLL_MS, over);
      if (stopAsked()) stop.abort(new StewardError("refused", "A person stopped it.", "Nothing more was begun."));
    }
  };
  watch().catch(() => {}); // the run is over
  return stop.signal;
}

/** A client that went away is no reason to stop half way. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // nobody listens any more
  }
}

export const busy = () =>
  new StewardError("conflict", "Another plan is running.", "Try again when it has ended; get_plan follows it.");
