import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import { managedBy } from "../../containers/managed-by.ts";
import { nameOf } from "../../updates/dependants.ts";
import { passing } from "../../updates/eligible.ts";

/** Why a container is not made again by the engine alone: the part of a sentence after "because"; null where nothing stands against it. */
export function obstacleTo(
  container: ContainerInspected,
  around: { names: readonly string[]; own: string | undefined; dependants: readonly ContainerInspected[] },
): string | null {
  const { fresh, aside } = passing(nameOf(container));
  const { by } = managedBy(container.Config.Labels);
  if (around.own !== undefined && [container, ...around.dependants].some(({ Id }) => Id.startsWith(around.own ?? "")))
    return "Home Steward runs in it, or shares its network";
  if (by === "truenas")
    return "TrueNAS makes it from its app's settings, and would put them back: change it there, or add truenas to this host in the configuration";
  if (by === "portainer")
    return "Portainer makes it from its stack, and would put it back: change the stack's file there, or add portainer to this host in the configuration";
  if (by === "swarm") return "it is a task of a swarm: use docker service update";
  if (container.HostConfig.AutoRemove) return "it was started with --rm, so stopping it deletes it";
  if (container.State.Paused || container.State.Dead) return "it is paused or being removed";
  if (around.names.includes(fresh) || around.names.includes(aside))
    return `a container of an interrupted change is still there (${fresh} or ${aside})`;
  return null;
}
