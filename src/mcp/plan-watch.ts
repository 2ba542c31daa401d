import type { Gate, PlanView } from "../confirm/define.ts";
import type { Clock } from "../shared/clock.ts";

const planUri = (planId: string) => `plan://${planId}`;

type Seen = Pick<Gate, "get" | "pending">;

const everyMs = 1_000;
/** Only these can still change. */
const open: ReadonlySet<PlanView["status"]> = new Set(["pending", "approved", "running"]);

/** Tells whoever listens that a plan's resource changed. */
export interface PlanWatch {
  /** Called before each use of the gate, and looks. Until the first one there is nothing to see, and the store stays closed. */
  wake(gate: Seen): void;
  onChange(listener: (uri: string) => void): () => void;
}

/**
 * Notices when a plan changes, in whichever process: approvals are given in one and plans run in another, and only the
 * store is common to them. Reads it once a second, and before the gate is used here, while somebody listens.
 */
export function watchPlans(clock: Clock): PlanWatch {
  const listeners = new Set<(uri: string) => void>();
  const seen = new Map<string, string>();
  let awake: Seen | undefined;
  let running: AbortController | undefined;

  const look = (gate: Seen) => {
    try {
      compare(gate);
    } catch {
      // A store that can't be read is said by the tools that need it.
    }
  };
  const compare = (gate: Seen) => {
    const ids = new Set([...seen.keys(), ...gate.pending().map((view) => view.plan_id)]);
    for (const id of ids) {
      const view = gate.get(id);
      const now = `${view.status} ${view.progress?.done ?? ""} ${view.progress?.message ?? ""}`;
      const before = seen.get(id);
      if (before === now) continue;
      if (open.has(view.status)) seen.set(id, now);
      else seen.delete(id);
      if (before !== undefined) for (const listener of listeners) listener(planUri(id));
    }
  };
  const run = async (gate: Seen, signal: AbortSignal) => {
    while (!signal.aborted) {
      look(gate);
      await clock.sleep(everyMs, signal).catch(() => {});
    }
  };
  const settle = () => {
    if (awake && listeners.size > 0 && !running) {
      running = new AbortController();
      void run(awake, running.signal);
    } else if (listeners.size === 0) {
      running?.abort();
      running = undefined;
    }
  };
  return {
    wake(gate) {
      awake = gate;
      // Who uses the gate may end a plan that no look has seen yet.
      if (running) look(gate);
      else settle();
    },
    onChange(listener) {
      listeners.add(listener);
      settle();
      return () => {
        listeners.delete(listener);
        settle();
      };
    },
  };
}
