import { managedBy } from "../../../analysis/containers/managed-by.ts";
import type { Proposal } from "../../../confirm/define.ts";
import { type GrantTarget, sayTarget } from "../../../confirm/define-standing.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ToolContext } from "../../define.ts";
import { hostOf } from "../../docker/find.ts";
import { type Automation, grantOf } from "../define.ts";
import { automations } from "../registry.ts";

/** Long enough to be of use, short enough to be looked at again. */
const usual_days = 30;
const day_ms = 86_400_000;

export interface Wish {
  action?: string | undefined;
  containers?: string[] | undefined;
  host?: string | undefined;
  days?: number | undefined;
  max_per_day?: number | undefined;
  drill?: boolean | undefined;
}

/** A plan whose approval is all that it changes: from then on the automation may use the grant. */
export async function proposeGrant(wish: Wish, context: ToolContext): Promise<Proposal> {
  const automation = automations.find(({ name }) => name === wish.action);
  if (!automation || !wish.containers?.length)
    throw new StewardError(
      "bad_input",
      "What is to be allowed, and for which containers?",
      "Give action and containers.",
    );
  const targets = await targetsOf(automation, wish.containers, wish.host, context);
  const grant = grantOf(automation, {
    targets,
    until: new Date(context.clock.now() + (wish.days ?? usual_days) * day_ms).toISOString(),
    limits: { ...automation.usual, max_per_day: wish.max_per_day ?? automation.usual.max_per_day },
    drill: wish.drill ?? false,
    settings: (await automation.settings?.(targets, context)) ?? {},
  });
  const hosts = [...new Set(targets.map(({ host }) => host))];
  return {
    title: `${grant.drill ? "Drill" : "Allow"} ${automation.name} on ${hosts.join(", ")}`,
    risk: automation.risk,
    units: hosts.map((host) => ({
      target: { kind: "automation", host, name: automation.name, identity: {} },
      basis: null,
      changes: [
        `${automation.says}: ${grant.drill ? "practised by itself" : "done by itself"} from now on`,
        `until ${grant.until.slice(0, 10)}, at most ${grant.limits.max_per_day} times a day, on ${sayTargets(targets, host)}`,
      ],
      steps: [
        {
          step: "allow",
          args: {},
          does: "Let the standing approval hold",
          undo: "It does not hold unless the plan is done.",
        },
      ],
    })),
    warnings: automation.mind,
    undo: "set_automation with revoke ends it at once, and so does its button on the approval page.",
    blast: { containers: 0, files: 0, bytes: 0 },
    grant,
  };
}

const sayTargets = (targets: readonly GrantTarget[], host: string) =>
  targets
    .filter((target) => target.host === host)
    .map(sayTarget)
    .join(", ");

/** "*" is every container of the host, or of all hosts. Errors: not_found, ambiguous, unsupported. */
async function targetsOf(
  { kind, name: action }: Automation,
  names: readonly string[],
  wanted: string | undefined,
  { systems: { docker }, signal }: ToolContext,
): Promise<GrantTarget[]> {
  const found = await Promise.all(
    [...new Set(names)].map(async (name): Promise<GrantTarget[]> => {
      if (name === "*")
        return (wanted === undefined ? docker.hosts : [docker.one(wanted).host]).map((host) => ({ kind, host, name }));
      const host = await hostOf(docker, name, wanted);
      const container = await docker.one(host).system.inspect(name, signal);
      if (managedBy(container.Config.Labels).by !== "truenas") return [{ kind, host, name }];
      throw new StewardError(
        "unsupported",
        `${name} belongs to an app of TrueNAS, and ${action} leaves those alone.`,
        "TrueNAS starts its apps by its own rules.",
      );
    }),
  );
  return found.flat();
}
