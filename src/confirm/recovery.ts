import { StewardError } from "../shared/errors.ts";
import type { JsonObject } from "../shared/json.ts";
import type { AuditRow } from "../store/audit.ts";
import { takeLock } from "../store/database.ts";
import type { JournalRow } from "../store/journal.ts";
import { actionsOf, type Bench, finish, RECOVER_FOR_MS } from "./apply.ts";
import { genuineApproval } from "./approval.ts";
import { canonical, sha256 } from "./canonical.ts";
import type { Unit, UnitResult } from "./define.ts";
import { issue, withdraw } from "./issue.ts";
import { journalOf, whatBegan } from "./journal.ts";
import { notStarted, putBack, type Runner, read, resultOf } from "./run.ts";
import { wasUsed } from "./standing/ledger.ts";
import { readPlan, type StoredPlan, wasProposed } from "./stored.ts";

const CRASHED = "Home Steward ended in the middle of this.";

/**
 * Looks after plans whose process died while they ran (docs/decisions/0003). The kernel gives the lock of a dead
 * process back, so whoever holds it now may read where the targets stand; nothing is ever run forward again, and what
 * is half done goes back the way that was approved with the plan.
 */
export async function recover<C, R>(bench: Bench<C, R>): Promise<{ unknown: number }> {
  const { core, deps } = bench;
  const open = () =>
    core
      .store()
      .plans.withStatus("running", "unknown")
      .filter((row) => isOurs(row, core.now()));
  if (open().length === 0) return { unknown: 0 };
  const lock = takeLock(deps.folder, "apply");
  if (!lock) return { unknown: open().length }; // it runs, or somebody else looks after it
  try {
    for (const { id } of open()) await reconcile(bench, id);
    return { unknown: open().length };
  } finally {
    lock.release();
  }
}

const isOurs = ({ status, recover_until }: { status: string; recover_until: number | null }, now: number) =>
  status === "running" || (recover_until !== null && recover_until > now);

async function reconcile<C, R>(bench: Bench<C, R>, planId: string): Promise<void> {
  const { core } = bench;
  core.audit().within((append) => {
    const row = core.store().plans.get(planId);
    const until = row?.recover_until ?? core.now() + RECOVER_FOR_MS;
    core.store().plans.update(planId, { status: "unknown", recover_until: until });
    if (row?.status === "running") append("interrupted", planId, {});
  });
  let plan: StoredPlan;
  try {
    plan = believed(bench, planId);
  } catch (error) {
    const note = error instanceof StewardError ? `${error.message} ${error.fix}` : "It cannot be read.";
    // One that lacks the tool leaves it to a process that has it; what was altered is left to a person.
    const forOthers = error instanceof StewardError && error.code === "unsupported";
    core.audit().within((append) => {
      core.store().plans.update(planId, forOthers ? { note } : { recover_until: null, note });
      append("not_recovered", planId, { why: note });
    });
    return;
  }
  finish(bench, plan, await reconcileUnits(bench, plan));
}

/** The plan, if a person really approved these bytes or what covers them, it really started and its journal is the one that was written. */
function believed<C, R>(bench: Bench<C, R>, planId: string): StoredPlan {
  const { core, approver } = bench;
  const [store, audit] = [core.store(), core.audit()];
  const plan = readPlan(store.plans.get(planId), core.now());
  const approved =
    genuineApproval(plan.row.approval, plan.document, plan.digest, approver) ??
    wasUsed(plan, { store, audit, now: core.now() }, approver);
  const started = store.audit.ofPlan(planId, "started");
  const whole = started && isWhole(store.journal.of(planId), [...store.audit.from(started.seq)], planId);
  if (!approved || !whole || !wasProposed(plan, { store, audit })) {
    throw new StewardError(
      "refused",
      "What is stored of this plan was altered, so it is not put back by itself.",
      "A person should look at its target and at the audit (home-steward audit verify).",
    );
  }
  actionsOf(bench, plan);
  return plan;
}

/** Every line of the journal left its fingerprint in the audit, in this order. */
function isWhole(journal: readonly JournalRow[], audit: readonly AuditRow[], id: string): boolean {
  const said = audit.filter(({ plan_id, event }) => plan_id === id && /^(does|undoes|ends)_/.test(event));
  return (
    said.length === journal.length &&
    journal.every(({ way, phase, unit, step, detail }, line) => {
      const fingerprint: JsonObject = { unit, step, sha256: sha256(detail ?? "") };
      const record = said[line];
      return record?.event === `${way}_${phase}` && record.record.includes(`"detail":${canonical(fingerprint)}`);
    })
  );
}

async function reconcileUnits<C, R>(bench: Bench<C, R>, plan: StoredPlan): Promise<UnitResult[]> {
  const { core, deps } = bench;
  const { units } = plan.document;
  const rows = core.store().journal.of(plan.id);
  const total = units.reduce((sum, { steps }) => sum + steps.length, 0);
  const journal = journalOf(core, plan.id, total, () => {});
  const reading = { actions: actionsOf(bench, plan), systems: deps.systems, clock: deps.clock, log: bench.log };
  const results: UnitResult[] = [];
  for (const [place, unit] of units.entries()) {
    const { ending, begun } = whatBegan(rows, place);
    const ended = ending?.outcome === "unknown" ? undefined : ending;
    const result =
      ended ?? (begun.length === 0 && place > 0 ? notStarted(CRASHED) : undefined) ?? (await whereItStands(unit));
    if (!ending || result !== ending) journal.ends(place, result);
    results.push(resultOf(unit, result));

    async function whereItStands(of: Unit): Promise<Pick<UnitResult, "outcome" | "why">> {
      const standing = await read(reading, of);
      if (!standing) return { outcome: "unknown", why: `${CRASHED} Where it stands cannot be read now.` };
      if (standing.is === "after") return { outcome: "done", why: `${CRASHED} It had come through: ${standing.why}` };
      if (standing.is === "before") return { outcome: "rolled_back", why: `${CRASHED} As before: ${standing.why}` };
      if (deps.readOnly) return { outcome: "unknown", why: `${CRASHED} It is half done, and this one may only read.` };
      const authorised = issue(plan.id, plan.digest);
      try {
        const runner: Runner<C, R> = {
          ...reading,
          authorised,
          changes: await deps.openChanges(authorised),
          journal,
          signal: new AbortController().signal,
          stopAsked: () => false, // a stop means: go back to how it was, and that is what this does
          say: (message) => journal.says(message),
        };
        return await putBack(runner, of, place, begun, CRASHED);
      } catch (error) {
        bench.log("An interrupted plan could not be put back", error);
        return { outcome: "unknown", why: `${CRASHED} It is half done and could not be put back yet.` };
      } finally {
        withdraw(authorised);
      }
    }
  }
  return results;
}
