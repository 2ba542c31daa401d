import type { Clock } from "../shared/clock.ts";
import { StewardError } from "../shared/errors.ts";
import type { Store } from "../store/open.ts";
import type { Actions, Approvals, Authorised } from "./define.ts";
import type { ConfirmLimits } from "./limits.ts";

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
  /** Watches over a running plan from another process (guardian.ts). */
  guard?: (planId: string) => Watch;
}

/** A watcher over one running plan; told when the plan has ended. */
export interface Watch {
  over(): void;
}

/** The gate, and what the house calls at its start. */
export interface GateService extends Approvals {
  /**
   * Looks after plans whose process died in the middle: reads where they stand, and undoes what is half done
   * (docs/decisions/0001). Answers how many are still unknown: call it again in a minute when there are some.
   */
  recover(): Promise<{ unknown: number }>;
}

/** Builds the gate. Opens nothing yet: what is missing or broken refuses at the call and says why. */
export function createGate<C, R>(_deps: GateDeps<C, R>): GateService {
  throw new StewardError("internal", "The gate is not built yet.", "Wait for the next commit.");
}
