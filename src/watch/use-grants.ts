import type { PlanView, Proposal } from "../confirm/define.ts";
import type { GrantView } from "../confirm/define-standing.ts";
import type { GateService } from "../confirm/gate.ts";
import type { Clock } from "../shared/clock.ts";
import { StewardError } from "../shared/errors.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Log } from "../shared/log.ts";
import type { Store } from "../store/open.ts";
import { claim } from "./claim.ts";

/** What src/watch needs of an automation (src/tools/automation/define.ts) and of its tool. */
export interface Helper {
  readonly kind: string;
  due(
    grant: GrantView,
    signal: AbortSignal,
  ): Promise<readonly { host: string; name: string; input: JsonObject; fresh: boolean }[]>;
  plan(input: JsonObject, signal: AbortSignal): Promise<{ input: JsonObject; proposal: Proposal }>;
}

export interface WatchOptions {
  gate: Pick<GateService, "grants" | "stopped" | "standing">;
  /** By the action's name. */
  helpers: ReadonlyMap<string, Helper>;
  store: Store;
  clock: Pick<Clock, "now">;
  every_ms: number;
  log: Pick<Log, "info" | "warn">;
  signal: AbortSignal;
}

const mark = "automations_looked_at";

/**
 * Looks once at everything that a standing approval lets happen by itself, and does what is due. What stands against a
 * use is asked before anything is planned, so that what has to wait leaves no trail of refusals. Answers how many plans ran.
 */
export async function useGrants(options: WatchOptions): Promise<number> {
  const { gate, store, clock, every_ms, helpers, signal } = options;
  const active = gate.stopped() ? [] : gate.grants().filter(({ state }) => state === "active");
  if (active.length === 0 || !claim(store, mark, clock.now(), every_ms)) return 0;
  let ran = 0;
  for (const grant of active) {
    const helper = helpers.get(grant.action);
    if (!helper) continue;
    for (const due of await helper.due(grant, signal)) {
      if (signal.aborted) return ran;
      const target = { kind: helper.kind, host: due.host, name: due.name };
      if (gate.standing.obstacle(grant.grant_id, target, due.fresh)) continue;
      const plan = await tried(() => helper.plan(due.input, signal), options, grant, due);
      const view =
        plan &&
        (await tried(
          () => gate.standing.use(grant.grant_id, { ...plan, fresh: due.fresh }, { signal, progress: () => {} }),
          options,
          grant,
          due,
        ));
      if (view === undefined) continue;
      if (view) ran++;
      options.log.info(`${grant.action}: ${due.name} on ${due.host}: ${ending(view)}`);
    }
  }
  return ran;
}

const ending = (view: PlanView | null) => (view ? `${view.status} (${view.plan_id})` : "drilled, nothing was changed");

/** A refusal is said, and the next target has its turn; what is not our own words is somebody's bug and is thrown. */
async function tried<T>(
  work: () => Promise<T>,
  { log }: WatchOptions,
  { action }: GrantView,
  { host, name }: { host: string; name: string },
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
    log.warn(`${action}: ${name} on ${host}: ${error.message} ${error.fix}`);
    return undefined;
  }
}
