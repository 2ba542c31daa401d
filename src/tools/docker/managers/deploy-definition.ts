import { sayDefinition } from "../../../analysis/managers/definition-change.ts";
import type { ServiceEdit } from "../../../analysis/managers/edit-compose.ts";
import { projectObstacle } from "../../../analysis/managers/eligible.ts";
import { type Membership, serviceOf } from "../../../analysis/managers/members.ts";
import { alike, planDeployment } from "../../../analysis/managers/plan-deployment.ts";
import { whoOf } from "../../../analysis/managers/words.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Unit } from "../../../confirm/define.ts";
import { asProblem, StewardError } from "../../../shared/errors.ts";
import type { Docker } from "../../../systems/docker/port.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../define.ts";
import { managerOf } from "./read-project.ts";
import { projectUnit, readSubject } from "./subject.ts";

type StepSpec = Unit["steps"][number];

/** Containers of one project whose definition is to say something else. */
export interface Redefining {
  host: string;
  /** Whose they are; one that is kept here (`isKept`). Of compose, nobody else may live in their network: it would cut them off. */
  member: Membership;
  of: readonly { container: ContainerInspected; edit: ServiceEdit }[];
  /** Steps before anything is stopped; their args name the host themselves. */
  before: readonly StepSpec[];
  /** Steps while the containers are down, in either direction: where there are none, nothing is stopped for them. */
  while_down: readonly StepSpec[];
}

/** `unit` has no safeguard: whoever plans something destructive says it. `why` is what comes after "because", without a full stop. */
export type Redefined = { unit: Unit; touches: number; warnings: string[] } | { why: string };

/**
 * A part of a plan in which a container's manager makes it again by a changed definition; or why it can't. Its steps are
 * `stop`, `app_stop`, `deploy` and `await_project` beside those given.
 */
export async function deployDefinition(asked: Redefining, context: ToolContext): Promise<Redefined> {
  try {
    return await deployFile(asked, context);
  } catch (error) {
    const { message, fix } = asProblem(error);
    return { why: `${whoOf(asked.member.by)} can't be asked for it (${message} ${fix})` };
  }
}

async function deployFile({ host, member, of: asked, ...steps }: Redefining, context: ToolContext): Promise<Redefined> {
  const { systems, settings, signal } = context;
  const { by, ref } = member;
  const { subject, outside, patience } = await readSubject({ host, member }, context);
  // An engine lists them in an order of its own.
  const of = asked.toSorted((a, b) => (nameOf(a.container) < nameOf(b.container) ? -1 : 1));
  const containers = of.map(({ container }) => container);
  const made = by === "compose" ? containers : subject.members;
  const against =
    projectObstacle(subject, outside, settings.ownContainer)?.why ??
    alike(subject, containers) ??
    (await otherImage(made, systems.docker.one(host).system, signal));
  if (against !== null) return { why: against };
  const text = await managerOf(systems, by, host).definition(ref, signal);
  // It brings a parser of YAML along, which a start does not need.
  const { planDefinition } = await import("../../../analysis/managers/plan-definition.ts");
  const { editApp } = await import("../../../analysis/managers/edit-app.ts");
  const change = planDefinition(
    text,
    of.map(({ container, edit }) => ({ service: serviceOf(container), edit, env: container.Config.Env ?? [] })),
    by === "truenas" ? editApp(subject.project) : undefined,
  );
  if (change.edits.length === 0)
    return { why: `its file says so already; where it runs otherwise, deploy it in ${whoOf(by)}` };
  if (subject.project.from_git === true)
    return { why: `its file comes from a Git repository; to change there: ${sayDefinition(change).join("; ")}` };
  const { warnings, ...plan } = planDeployment({ subject, text, change, containers, ...steps }, patience);
  return {
    unit: projectUnit(host, member, plan),
    touches: by === "truenas" ? made.length : containers.length,
    warnings,
  };
}

/** A manager makes containers from what their tags mean by now; that is another plan, and could not be undone by this one. */
async function otherImage(containers: readonly ContainerInspected[], docker: Docker, signal: AbortSignal) {
  for (const container of containers) {
    const { Image } = container.Config;
    const means = await docker.image(Image, signal).catch((error: unknown) => {
      if (error instanceof StewardError && error.code === "not_found") return null;
      throw error;
    });
    if (means?.Id !== container.Image)
      return `${nameOf(container)} would get another image with it, which its tag means here by now: use update_container first`;
  }
  return null;
}
