import type { Membership } from "../../../analysis/managers/members.ts";
import type { Patience, Subject } from "../../../analysis/managers/plan.ts";
import { kindOf, titleOf } from "../../../analysis/managers/words.ts";
import { healthTimeout } from "../../../analysis/updates/health.ts";
import type { Unit } from "../../../confirm/define.ts";
import type { JsonObject } from "../../../shared/json.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../define.ts";
import { readProject } from "./read-project.ts";

/** Reads a project to plan for it: how it is called, how it stands, what else runs beside it, how long it may take. */
export async function readSubject(
  { host, member, health_timeout_s }: { host: string; member: Membership; health_timeout_s?: number | undefined },
  { systems, settings, signal }: ToolContext,
): Promise<{ subject: Subject; name: string; outside: ContainerInspected[]; patience: Patience }> {
  const { outside, ...situation } = await readProject({ ...member, host }, systems, signal);
  const name = titleOf(member.by, member.ref);
  const setting_s = settings.update.health_timeout_s;
  const each_s = situation.members.map((one) => healthTimeout(health_timeout_s, setting_s, one));
  const timeout_s = health_timeout_s ?? Math.max(setting_s, ...each_s);
  return {
    subject: { ...member, called: `${kindOf(member.by)} ${name}`, ...situation },
    name,
    outside,
    patience: { timeout_s, settle_s: settings.update.settle_s },
  };
}

/** One plan's part for one project, as the gate keeps it. */
export const projectUnit = (
  host: string,
  { by, ref }: Membership,
  plan: { identity: JsonObject; basis: JsonObject; changes: string[]; steps: Unit["steps"] },
): Unit => ({
  target: { kind: kindOf(by), host, name: titleOf(by, ref), identity: plan.identity },
  basis: plan.basis,
  changes: plan.changes,
  steps: plan.steps.map((step) => ({ ...step, args: { host, ...step.args } })),
});
