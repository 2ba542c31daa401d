import { profileOf, type QuotaProfile } from "../../../analysis/quotas/profile.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Proposal } from "../../../confirm/define.ts";
import { eachLimited } from "../../../shared/concurrency.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ToolContext } from "../../define.ts";
import { nowhere } from "../find.ts";
import { isDefinedInFile, proposeDefinitions } from "../managers/propose-definition.ts";
import { readContainers } from "../read-containers.ts";
import { type DeployedLimits, deployLimits, editOf } from "./deploy-limits.ts";
import { type Fitting, forgetful, limitLive } from "./limit-live.ts";

interface Found extends Omit<Fitting, "profile"> {
  profile: QuotaProfile | null;
}
const fits = (one: Found): one is Fitting => one.profile !== null;

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
  const planned = await eachLimited(found, 4, (one) => limitLive(one, context));
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
