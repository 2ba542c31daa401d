import type { Action } from "../../../analysis/containers/control.ts";
import type { Membership } from "../../../analysis/managers/members.ts";
import { planPower } from "../../../analysis/managers/plan-power.ts";
import type { Proposal } from "../../../confirm/define.ts";
import type { ToolContext } from "../../define.ts";
import { projectUnit, readSubject } from "../managers/subject.ts";

/** A plan for a whole app of TrueNAS, through TrueNAS: what is done to one of its containers alone it does not know of. */
export async function proposePower(
  { host, member, action }: { host: string; member: Membership; action: Action },
  context: ToolContext,
): Promise<Proposal> {
  const { subject, name, patience } = await readSubject({ host, member }, context);
  const { warnings, undo, touches, ...plan } = planPower(subject, action, context.settings.ownContainer, patience);
  const title = { start: "Start", stop: "Stop", restart: "Restart" }[action];
  return {
    title: `${title} app ${name} on ${host}`,
    risk: "disruptive",
    units: [projectUnit(host, member, plan)],
    warnings,
    undo,
    blast: { containers: touches, files: 0, bytes: 0 },
  };
}
