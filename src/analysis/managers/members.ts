import type { JsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { Managers, ProjectRef } from "../../systems/managers/port.ts";
import { managedBy } from "../containers/managed-by.ts";
import { nameOf } from "../updates/dependants.ts";

/** Whose project a container is of, where it is one that a manager makes again. */
export interface Membership {
  by: keyof Managers;
  ref: ProjectRef;
}

const label = ({ Config }: ContainerInspected, name: string) => Config.Labels?.[`com.docker.compose.${name}`];

/** Null for containers that no manager makes again: started by hand or by swarm, or by compose in a way it is not asked to repeat. */
export function membershipOf(container: ContainerInspected): Membership | null {
  const { by } = managedBy(container.Config.Labels);
  const project = label(container, "project");
  if (by === "swarm" || by === "plain" || project === undefined) return null;
  if (by === "compose" && !plainlyComposed(container)) return null;
  const files = (label(container, "project.config_files") ?? "").split(",").filter((file) => file !== "");
  return { by, ref: { project, files, folder: label(container, "project.working_dir") ?? "" } };
}

/** Compose starts what it makes, makes all replicas of a service alike, and needs its variables' files named again. */
const plainlyComposed = (container: ContainerInspected) =>
  container.State.Running &&
  label(container, "container-number") === "1" &&
  label(container, "project.environment_file") === undefined;

/** Its name in the project's file; "" for none. */
export const serviceOf = (container: ContainerInspected): string => label(container, "service") ?? "";

/** Whether it was made from its service as that is defined now. */
export const isAsDefined = (container: ContainerInspected, defined: Readonly<Record<string, string>>): boolean =>
  defined[serviceOf(container)] === label(container, "config-hash");

/** A project's containers, by name. */
export function membersOf(containers: readonly ContainerInspected[], { project }: ProjectRef): ContainerInspected[] {
  return containers
    .filter((container) => label(container, "project") === project)
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** What is kept of a container to know it again: by its name, because a manager makes it anew each time. */
export const saved = (container: ContainerInspected): JsonObject => ({
  name: nameOf(container),
  container_id: container.Id,
  image_id: container.Image,
  running: container.State.Running,
});
