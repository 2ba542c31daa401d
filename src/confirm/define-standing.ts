import type { JsonObject } from "../shared/json.ts";
import type { PlanStatus, Risk } from "./define.ts";

/** What a standing approval is for: `name` is a container, a dataset …; "*" is every one of that kind on the host. */
export interface GrantTarget {
  kind: string;
  host: string;
  name: string;
}

/** "*" is every target of the kind on that host. */
export const covers = (granted: GrantTarget, { kind, host, name }: GrantTarget): boolean =>
  granted.kind === kind && granted.host === host && (granted.name === "*" || granted.name === name);

/** "container plex on nas", "every container on nas" */
export const sayTarget = ({ kind, host, name }: GrantTarget): string =>
  name === "*" ? `every ${kind} on ${host}` : `${kind} ${name} on ${host}`;

/**
 * A standing approval, as it stands in the bytes of the plan that a person approves: plans of one tool, of some of its
 * steps, for these targets, within these limits, run without asking again (docs/decisions/0013).
 */
export interface Grant {
  /** The automation that may use it: "restart_crashed". */
  action: string;
  /** What it does, in plain words: "Start a container that crashed". Our own words only. */
  says: string;
  /** The changing tool whose plans a use may run, with these steps and no others. */
  tool: string;
  steps: readonly string[];
  /** The most a use may risk. What destroys is never granted. */
  risk: Exclude<Risk, "destructive">;
  targets: readonly GrantTarget[];
  /** What every use's input must carry unchanged: the 50 Mbit/s of a limit that is put back. */
  settings: JsonObject;
  limits: GrantLimits;
  /** ISO 8601. At most `confirm.max_grant_days` from now. */
  until: string;
  /** Cannot be used up: no limit and no lockout stops it. The kill switch, revoking and its end do. */
  emergency: boolean;
  /** Everything but the effects: a use is planned, checked and recorded, and changes nothing. */
  drill: boolean;
}

/** How often at most. */
export interface GrantLimits {
  /** Over all its targets, in any 24 hours. */
  max_per_day: number;
  /** Between two uses on one target; doubled with every further one in a row. Seconds. */
  pause_s: number;
  /** After so many in a row on one target it leaves that target alone. A use that is `fresh` begins a new row. */
  stop_after: number;
}

/** How a grant ended, or that it has not. */
export type GrantState = "active" | "revoked" | "expired" | "replaced" | "not_genuine";

/** A grant as anybody may see it. Times are ISO 8601. */
export interface GrantView extends Grant {
  /** Of the plan that a person approved. */
  grant_id: string;
  state: GrantState;
  granted_at: string;
  uses_left_today: number;
  /** The newest first, ten at the most. */
  last_uses: readonly GrantUse[];
  /** Targets it leaves alone by its own rule. */
  stopped_for: readonly GrantTarget[];
}

interface GrantUse extends GrantTarget {
  at: string;
  /** Null for a drill, which has no plan. */
  plan_id: string | null;
  status: PlanStatus | "drilled";
}
