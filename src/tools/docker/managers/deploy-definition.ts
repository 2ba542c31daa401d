import type { ServiceEdit } from "../../../analysis/managers/edit-compose.ts";
import type { Membership } from "../../../analysis/managers/members.ts";
import { whoOf } from "../../../analysis/managers/words.ts";
import type { Unit } from "../../../confirm/define.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../define.ts";

type StepSpec = Unit["steps"][number];

/** Containers of one project whose definition is to say something else. */
export interface Redefining {
  host: string;
  /** Whose they are; one that is kept here (`isKept`). */
  member: Membership;
  of: readonly { container: ContainerInspected; edit: ServiceEdit }[];
  /** Steps before anything is stopped; their args name the host themselves. */
  before: readonly StepSpec[];
  /** Steps while the containers are down, in either direction: where there are none, nothing is stopped for them. */
  while_down: readonly StepSpec[];
}

/** `unit` has no safeguard: whoever plans something destructive says it. `why` is the part of a sentence after "because", without a full stop. */
export type Redefined = { unit: Unit; touches: number; warnings: string[] } | { why: string };

/** A part of a plan in which a container's manager makes it again by a changed definition; or why it can't. */
export async function deployDefinition(asked: Redefining, _context: ToolContext): Promise<Redefined> {
  return { why: `${whoOf(asked.member.by)} can't be asked for it yet` };
}
