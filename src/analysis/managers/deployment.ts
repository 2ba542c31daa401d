import { z } from "zod";
import type { Json, JsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { type DefinitionChange, hashOf } from "./definition-change.ts";
import { serviceOf } from "./members.ts";
import { asSaved, illnesses, projectBasis, type Situation, savedMembers, saying } from "./standing.ts";

/** A project and the file that it is made by. */
export interface DefinedSituation extends Situation {
  text: string;
}

/** A container that a plan has made again by a changed definition. */
export const redeployed = z.object({
  name: z.string(),
  service: z.string(),
  /** Compose's marks of how it may be defined when all is as before: how it runs, and how the file has it. */
  marks: z.array(z.string()),
});
export type Redeployed = z.infer<typeof redeployed>;

const markOf = ({ Config }: ContainerInspected): string => Config.Labels?.["com.docker.compose.config-hash"] ?? "";

export const redeployedOf = (container: ContainerInspected, { project }: Situation): Redeployed => {
  const service = serviceOf(container);
  const defined = project.defined?.[service];
  return { name: nameOf(container), service, marks: [markOf(container), ...(defined === undefined ? [] : [defined])] };
};

/** Whether it is made as it was before. */
export const isBack = ({ name, marks }: Redeployed, members: Situation["members"]): boolean =>
  members.some((one) => nameOf(one) === name && marks.includes(markOf(one)));

/** What a plan that changes a project's file was made on; anything different later makes it stale. */
export const deploymentBasis = (now: DefinedSituation): JsonObject => ({
  ...projectBasis(now),
  sha256: hashOf(now.text),
});

const basisShape = z.object({ members: savedMembers });
type Saved = z.infer<typeof savedMembers>;

/**
 * Where a project stands whose file was changed and deployed: file and containers as planned and well, both as before, or
 * neither. No container may run another image than before. `now` is null where the project is gone.
 */
export function judgeDeployment(
  called: string,
  basis: Json,
  { change, of }: { change: DefinitionChange; of: readonly Redeployed[] },
  now: DefinedSituation | null,
): { is: "after" | "before" | "neither"; why: string } {
  if (now === null) return { is: "neither", why: `There is no ${called} any more.` };
  const { members: was } = basisShape.parse(basis);
  const { project, members } = now;
  const says = saying(called, now);
  if (project.busy) return { is: "neither", why: `${says} But something is being done to it.` };
  const file = hashOf(now.text);
  if (file === change.after_sha256) {
    const trouble = [...of.flatMap((one) => unmade(one, was, now)), ...illnesses(was, members, project)];
    if (trouble.length === 0) return { is: "after", why: `${says} Its file says what was approved.` };
    return { is: "neither", why: `${says} But ${trouble.join("; ")}.` };
  }
  if (file !== change.before_sha256)
    return { is: "neither", why: `${says} But its file is neither what it was nor what was approved.` };
  if (of.every((one) => isBack(one, members)) && asSaved(was, members))
    return { is: "before", why: `${says} Its file is as it was, byte for byte.` };
  return { is: "neither", why: `${says} Its file is as it was, but not all of its containers.` };
}

/** What keeps a container from being the one that the changed file makes. */
function unmade({ name, service }: Redeployed, was: Saved, { project, members }: DefinedSituation): string[] {
  const old = was.find((one) => one.name === name);
  const now = members.find((one) => nameOf(one) === name);
  if (now === undefined || now.Id === old?.container_id) return [`${name} was not made again`];
  if (now.Image !== old?.image_id) return [`${name} runs another image than before`];
  const defined = project.defined?.[service];
  return defined === undefined || defined === markOf(now) ? [] : [`${name} is not as its file defines it`];
}
