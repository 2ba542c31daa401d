import type { Risk } from "../../confirm/define.ts";
import type { Grant, GrantLimits, GrantTarget, GrantView } from "../../confirm/define-standing.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { ToolContext } from "../define.ts";

/** What an automation may read with. It gets no gate: it says what is due, and src/watch uses the grant. */
export type AutomationContext = Pick<ToolContext, "systems" | "settings" | "clock" | "signal">;

/** One target that needs it now. */
interface Due {
  host: string;
  name: string;
  /** Input of the automation's tool, as a person would give it; with the grant's `settings` unchanged. */
  input: JsonObject;
  /**
   * Whether this is a trouble of its own and not the last one again: it begins a new row (see GrantLimits.stop_after).
   * True only where reading shows that the target was well in between.
   */
  fresh: boolean;
}

/**
 * What a changing tool can do without being asked, under a standing approval. Listed in registry.ts. It plans and
 * changes nothing itself: `due` only reads, and the tool's own `plan` and steps do the rest through the gate.
 */
export interface Automation {
  /** "restart_crashed" */
  name: string;
  /** In plain words, for the person who approves it: "Start a container that crashed". */
  says: string;
  /** What it does not do and when it stops by itself, in plain words. */
  mind: readonly string[];
  /** Name of the changing tool that plans a use. */
  tool: string;
  /** The steps of that tool that a use may have. */
  steps: readonly string[];
  risk: Exclude<Risk, "destructive">;
  /** Kind of its targets: "container". */
  kind: string;
  /** What is granted where the person asks for nothing else. */
  usual: GrantLimits;
  /** See Grant.emergency: not for anybody's convenience. */
  emergency?: true;
  /** What of the tool's input the grant fixes, for all its targets, read when it is planned; nothing if left out. */
  settings?(targets: readonly GrantTarget[], context: AutomationContext): Promise<JsonObject>;
  /** What needs it now, among the grant's targets. Reads only; a host that is silent is left for the next time. */
  due(grant: GrantView, context: AutomationContext): Promise<readonly Due[]>;
}

/** The terms of a grant for one automation: what set_automation proposes, or a tool that asks for both at once. */
export function grantOf(
  { name, says, tool, steps, risk, usual, emergency }: Automation,
  terms: { targets: readonly GrantTarget[]; until: string } & Partial<Pick<Grant, "settings" | "drill" | "limits">>,
): Grant {
  return {
    action: name,
    says,
    tool,
    steps,
    risk,
    limits: usual,
    settings: {},
    drill: false,
    ...terms,
    emergency: emergency ?? false,
  };
}
