import { managedBy } from "../../../analysis/containers/managed-by.ts";
import { keptQuota } from "../../../analysis/quotas/kept.ts";
import { firstFormer } from "../../../analysis/quotas/lift.ts";
import { planQuota, type QuotaPlan } from "../../../analysis/quotas/plan.ts";
import { profileOf, type QuotaProfile } from "../../../analysis/quotas/profile.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { eachLimited } from "../../../shared/concurrency.ts";
import { StewardError } from "../../../shared/errors.ts";
import { asJsonObject } from "../../../shared/json.ts";
import type { EngineInfo } from "../../../systems/docker/port.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../define.ts";
import { nowhere } from "../find.ts";
import { isDefinedInFile, proposeDefinitions } from "../managers/propose-definition.ts";
import { readContainers } from "../read-containers.ts";
import { type DeployedLimits, deployLimits, editOf, type Limiting } from "./deploy-limits.ts";
import { cgroupsOf, processOf, readDisks, readUse } from "./read.ts";
import { basisOf } from "./standing.ts";

interface Found {
  host: string;
  machine: EngineInfo;
  container: ContainerInspected;
  profile: QuotaProfile | null;
}

interface Fitting extends Found {
  profile: QuotaProfile;
}
const fits = (one: Found): one is Fitting => one.profile !== null;

/** What is found of one container, and its part of a plan that limits it as it runs. */
interface Planned extends Limiting {
  units: Unit[];
  notes: string[];
}

/**
 * One plan for all containers whose limits are looser than those of their profile. `lasting`: Portainer and TrueNAS deploy
 * theirs with the limits; else these are limited as they run, like all others.
 */
export async function proposeQuotas(
  wish: { containers?: string[] | undefined; host?: string | undefined; lasting?: boolean | undefined },
  context: ToolContext,
): Promise<Proposal> {
  const { systems } = context;
  const found = await wanted(wish, context);
  const planned = await eachLimited(found, 4, (one) => plan(one, context));
  const deployed = wish.lasting ? await deployLimits(planned, context) : noneDeployed;
  const live = planned.filter(({ container, units }) => !deployed.containers.has(container) && units.length > 0);
  const written = await proposeDefinitions(
    live.map((one) => ({ ...one, edit: editOf(one.quota) })),
    context,
  );
  const units = [...live.flatMap((one) => one.units), ...deployed.units, ...written.units];
  const warnings = [
    ...planned.flatMap(({ quota, notes }) => [...notes, ...quota.warnings]),
    ...live.flatMap((one) => forgetful(one.container, one.quota, isDefinedInFile(one.host, one.container, systems))),
    ...deployed.warnings,
    ...written.warnings,
  ];
  const limited = planned.filter((one) => deployed.containers.has(one.container) || live.includes(one));
  const [only, second] = limited.map(({ host, container }) => `container ${nameOf(container)} on ${host}`);
  if (only === undefined) throw nothing(found, warnings);
  return {
    title: `Limit what ${second === undefined ? only : `${limited.length} containers`} may use`,
    risk: "disruptive",
    units,
    warnings,
    undo: undoOf(deployed),
    blast: { containers: limited.length, files: 0, bytes: 0 },
  };
}

const noneDeployed: DeployedLimits = { units: [], warnings: [], containers: new Set() };

const undoOf = ({ units }: DeployedLimits): string =>
  units.length === 0
    ? "enforce_quotas with lift sets the former limits again. Nothing is restarted either way."
    : "What is deployed and not well goes back to its definition of before by itself. Later, take the limits out of the " +
      "definition there; enforce_quotas with lift is for those that were limited as they run.";

/** The containers named, or all with a profile. */
async function wanted(
  { containers: names, host }: { containers?: string[] | undefined; host?: string | undefined },
  { systems, settings, signal }: ToolContext,
): Promise<Fitting[]> {
  const answers = await systems.docker.each(async (docker, at) => {
    const [machine, containers] = await Promise.all([docker.info(signal), readContainers(docker, { signal })]);
    return containers.map((container): Found => {
      return { host: at, machine, container, profile: profileOf(container, settings.quotas ?? []) };
    });
  }, host);
  const all = answers.flatMap((answer) => (answer.ok ? answer.value : []));
  const silent = answers.filter((answer) => !answer.ok).map((answer) => answer.host);
  if (names === undefined) {
    const [first] = answers;
    if (all.length === 0 && first?.ok === false)
      throw new StewardError(first.problem.code, first.problem.message, first.problem.fix);
    return all.filter(fits);
  }
  return names.map((name) => {
    const [one, other] = all.filter(({ container }) => nameOf(container) === name);
    if (one === undefined) throw nowhere(name, silent);
    if (other !== undefined)
      throw new StewardError("ambiguous", `Several hosts have a container ${name}.`, "Name the host.");
    if (fits(one)) return one;
    throw new StewardError(
      "not_found",
      `No profile of quotas fits ${name}.`,
      "Add one to quotas in the configuration.",
    );
  });
}

async function plan({ host, machine, container, profile }: Fitting, context: ToolContext): Promise<Planned> {
  const { systems, signal } = context;
  const [use, { disks, notes }] = await Promise.all([
    readUse(systems.docker.one(host).system, host, container, context),
    readDisks(cgroupsOf(systems.cgroup, host), container, profile, signal),
  ]);
  const quota = planQuota(container, profile, machine, use, disks);
  const units: Unit[] = [];
  if (quota.changes.length > 0)
    units.push({
      target: {
        kind: "container",
        host,
        name: nameOf(container),
        identity: { container_id: container.Id, image_id: container.Image },
      },
      basis: basisOf(
        container,
        quota.io.map(({ before }) => before),
      ),
      changes: quota.changes,
      steps: stepsOf(host, container, quota, systems.keptLimits.of("quota", host)),
    });
  return { host, container, quota, units, notes };
}

function stepsOf(
  host: string,
  container: ContainerInspected,
  { wanted: holds, limits, io }: QuotaPlan,
  kept: readonly { container: string; wanted: string }[],
): Unit["steps"] {
  const name = nameOf(container);
  const at = { host, name, ...processOf(container) };
  const before = kept.find((one) => one.container === name)?.wanted ?? null;
  const earlier = before === null ? null : keptQuota.parse(JSON.parse(before));
  const same = earlier?.container_id === container.Id ? earlier.former : undefined;
  const former = firstFormer(same, { limits: limits.before, io: io.map((change) => change.before) });
  const wanted = { container_id: container.Id, started_at: container.State.StartedAt, ...holds, former };
  return [
    ...(Object.keys(limits.after).length === 0
      ? []
      : [
          {
            step: "limit",
            args: asJsonObject({ ...at, ...limits }),
            does: `Limit what ${name} may use`,
            undo: "Set what was.",
          },
        ]),
    ...io.map((change) => ({
      step: "limit_disk",
      args: asJsonObject({ ...at, ...change }),
      does: `Limit what ${name} may read and write on disk ${change.after.device}`,
      undo: "Set what was.",
    })),
    {
      step: "remember",
      args: asJsonObject({ host, name, wanted: JSON.stringify(wanted), before }),
      does: "Remember it, so that its loss is noticed",
      undo: "Forget it.",
    },
  ];
}

/** Who makes the container anew without these limits, and when the kernel forgets. */
function forgetful(container: ContainerInspected, { io }: QuotaPlan, inFile: boolean): string[] {
  const name = nameOf(container);
  const { by } = managedBy(container.Config.Labels);
  const maker = { truenas: "TrueNAS", portainer: "Portainer", compose: "Compose", swarm: "Swarm", plain: null }[by];
  return [
    ...(maker === null || inFile
      ? []
      : [`${maker} makes ${name} without these limits when it makes it anew; write them there, too.`]),
    ...(io.length === 0 ? [] : [`${name}: its disk limits end when it is restarted; list_containers then says so.`]),
  ];
}

function nothing(found: readonly Fitting[], warnings: readonly string[]): StewardError {
  if (found.length === 0)
    return new StewardError(
      "nothing_to_do",
      "No container fits a profile of quotas.",
      "Add profiles to quotas in the configuration.",
    );
  const names = found.map(({ container }) => nameOf(container)).join(", ");
  return new StewardError(
    "nothing_to_do",
    `These are limited as their profiles say, or tighter: ${names}.`,
    warnings.length === 0 ? "Nothing needs to be done." : warnings.join(" "),
  );
}
