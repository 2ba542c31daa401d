import type { Clock } from "../shared/clock.ts";
import { StewardError } from "../shared/errors.ts";
import type { Store } from "../store/open.ts";
import { type Append, type Audit, openAudit } from "./audit.ts";
import { LOCKOUT } from "./limits.ts";

/** What a decision of the gate works with: one transaction, one time. */
export interface Work {
  readonly store: Store;
  readonly audit: Audit;
  readonly append: Append;
  /** ms since 1970 */
  readonly now: number;
}

/** Where all the gate's decisions are taken, one at a time over all processes, and written down. */
export interface Core {
  /**
   * Takes a decision. A StewardError that `work` returns is a refusal: what was written stays (a wrong token counts),
   * the refusal is recorded and thrown. One that it throws undoes what it wrote, and is recorded and thrown too.
   */
  decide<T>(what: string, planId: string | null, work: (on: Work) => T | StewardError): T;
  /** For reading only. */
  store(): Store;
  audit(): Audit;
  now(): number;
}

/** Before this a clock was not set: older than the program itself. */
const EARLIEST = Date.UTC(2026, 0, 1);
/** A clock may be corrected by so much without being "set back", ms. */
const TOLERANCE_MS = 2_000;

export function createCore(open: () => Store, clock: Clock): Core {
  let opened: { store: Store; audit: Audit } | undefined;
  let seen: { wall: number; monotonic: number } | undefined;

  const now = () => {
    const ms = Math.floor(clock.now());
    if (Number.isSafeInteger(ms) && ms >= EARLIEST) return ms;
    throw new StewardError(
      "refused",
      "The clock of this machine is not set, so no approval could expire.",
      "A person sets the clock.",
    );
  };
  const at = () => {
    const store = open();
    if (opened?.store !== store) opened = { store, audit: openAudit(store, now) };
    return opened;
  };

  /**
   * The time, held against the latest one that any process saw and against the time this process has lived: a clock
   * set back would lend an approval a second life, so everything that waits expires.
   */
  const tick = (store: Store, append: Append): number => {
    const wall = now();
    const monotonic = clock.monotonic();
    const lived = seen ? seen.wall + (monotonic - seen.monotonic) : wall;
    const latest = Math.max(store.highest("clock", wall), Math.floor(lived));
    seen = { wall, monotonic };
    if (wall >= latest - TOLERANCE_MS) return wall;
    store.setMark("clock", wall);
    append("clock_set_back", null, { by_ms: latest - wall });
    for (const row of store.plans.withStatus("pending", "approved")) {
      store.plans.update(row.id, { status: "expired", note: "The clock was set back while it waited." });
      append("expired", row.id, {});
    }
    return wall;
  };

  return {
    now,
    store: () => at().store,
    audit: () => at().audit,
    decide(what, planId, work) {
      const { store, audit } = at();
      const outcome = audit.within((append) => {
        const time = tick(store, append);
        const taken = attempt(() => store.transaction(() => work({ store, audit, append, now: time })));
        if (taken instanceof StewardError) append("refused", planId, { what, code: taken.code, why: taken.message });
        return taken;
      });
      if (outcome instanceof StewardError) throw outcome;
      return outcome;
    },
  };
}

function attempt<T>(work: () => T | StewardError): T | StewardError {
  try {
    return work();
  } catch (error) {
    if (error instanceof StewardError) return error;
    throw error;
  }
}

/** Too many voided plans look like guessing: the refusal while that lasts. */
export function lockedOut({ store, now }: Pick<Work, "store" | "now">): StewardError | undefined {
  const locked = store.audit.lastOf("locked");
  if (!locked || locked.at + LOCKOUT.for_ms <= now) return undefined;
  const minutes = Math.ceil((locked.at + LOCKOUT.for_ms - now) / 60_000);
  return new StewardError(
    "refused",
    `Too many wrong codes: changes are locked for another ${minutes} min.`,
    "A person should look at the audit; nothing can be changed until then.",
  );
}

/** Voids a plan, and locks when that happens too often. */
export function voidPlan({ store, append, now }: Work, planId: string, note: string): void {
  store.plans.update(planId, { status: "void", note });
  append("voided", planId, { why: note });
  if (store.audit.count("voided", now - LOCKOUT.within_ms) >= LOCKOUT.voided) append("locked", null, {});
}

/** Whether the kill switch is on: the last record of it, and that record genuine. */
export function isStopped(store: Store, audit: Audit): boolean {
  const last = store.audit.lastOf("stopped", "resumed");
  return last !== undefined && !(last.event === "resumed" && audit.genuine(last));
}

export const stoppedError = () =>
  new StewardError(
    "refused",
    "A person has stopped all changes.",
    "Only that person can lift it, on the approval page or in the terminal.",
  );
