import { type ErrorCode, StewardError } from "../../shared/errors.ts";
import type { ContainerInspected, ImageInspected } from "../../systems/docker/shapes.ts";
import { managedBy } from "../containers/managed-by.ts";
import { nameOf } from "./dependants.ts";
import { parseReference, pulledDigests } from "./reference.ts";
import { find, type World } from "./world.ts";

/** Why a container is left as it is, and what to do instead: our own words and names that passed a schema. */
export interface Obstacle {
  why: string;
  next: string;
}

/** Names that an update uses while it runs; one that exists is left over from an interrupted update. */
export const passing = (name: string) => ({ fresh: `${name}.steward-new`, aside: `${name}.steward-old` });

/**
 * What stands against updating a container by recreating it, before any registry is asked; null when nothing does.
 * The reasons are in docs/decisions/0004-managed-containers.md.
 */
export function obstacle(
  container: ContainerInspected,
  image: ImageInspected,
  around: { world: World; own: string | undefined; dependants: readonly ContainerInspected[] },
): Obstacle | null {
  const reference = parseReference(container.Config.Image);
  const { own } = around;
  if (own !== undefined && [container, ...around.dependants].some(({ Id }) => Id.startsWith(own)))
    return {
      why: "Home Steward runs in it, or shares its network, and would stop itself halfway",
      next: "Update it from outside, with compose or the docker command.",
    };
  const manager = byManager(container);
  if (manager !== null) return manager;
  if (container.HostConfig.AutoRemove)
    return {
      why: "it was started with --rm, so stopping it deletes it and nothing could be put back",
      next: "Start it again by hand on the new image.",
    };
  if (container.State.Paused || container.State.Dead)
    return { why: "it is paused or being removed", next: "Bring it into a plain state (running or stopped) first." };
  const inTheWay = [container, ...around.dependants].flatMap((one) => unfinished(around.world, one));
  if (inTheWay.length > 0)
    return {
      why: "a container of an interrupted update is still there",
      next: `Look at ${inTheWay.join(" and ")}; remove what is not needed.`,
    };
  if (reference === null)
    return {
      why: "it runs from an image id, which no registry can follow",
      next: "Create it from a name and tag, such as repository:latest.",
    };
  if (reference.digest !== null)
    return {
      why: "its image is pinned by digest, so it never changes",
      next: "Change the pin where the container is defined.",
    };
  if (pulledDigests(image.RepoDigests, reference.repository).length === 0)
    return {
      why: "its image was built or loaded here, not pulled from a registry",
      next: "Build it again, or run it from a registry.",
    };
  return null;
}

/** What an interrupted update left of a container, where it can't be told that nobody needs it. */
function unfinished(world: World, container: ContainerInspected): string[] {
  const { fresh, aside } = passing(nameOf(container));
  const left = [fresh, aside].filter((one) => find(world, one) !== undefined);
  return outlived(world, container) === null ? left : left.filter((one) => one !== aside);
}

/**
 * The name of the old container that an update left when it was cut off in its last step, once its successor runs and
 * is well; otherwise null. The next update removes it: nobody would start it again.
 */
export function outlived(world: World, container: ContainerInspected): string | null {
  const { aside } = passing(nameOf(container));
  const old = find(world, aside);
  const { Running, Restarting, Health } = container.State;
  const well = Running && !Restarting && ["healthy", "none", undefined].includes(Health?.Status);
  return old !== undefined && !old.State.Running && well ? aside : null;
}

/** A container that was asked for and is not in the plan. */
export interface Left extends Obstacle {
  name: string;
  code: ErrorCode;
}

/** What to say when nothing of what was asked for can be planned. */
export function leftOver(left: readonly Left[]): StewardError {
  const [first] = left;
  const code = left.every((one) => one.code === first?.code) ? first?.code : "unsupported";
  const what = left.map(({ name, why }) => `${name}: ${why}.`).join(" ");
  const next = [...new Set(left.map((one) => one.next))].join(" ");
  return new StewardError(code ?? "nothing_to_do", `There is nothing to plan. ${what}`, next);
}

function byManager(container: ContainerInspected): Obstacle | null {
  const manager = managedBy(container.Config.Labels);
  switch (manager.by) {
    case "truenas":
      return {
        why: `it belongs to a TrueNAS app (${manager.evidence}), which would put its own version back`,
        next: "Add truenas to this host in the configuration, or update the app in TrueNAS itself (Apps, Update).",
      };
    case "portainer":
      return {
        why: `it belongs to a Portainer stack (${manager.evidence}), which Portainer has to redeploy`,
        next: "Add portainer to this host in the configuration, or update the stack in Portainer itself (“Re-pull image and redeploy”).",
      };
    case "swarm":
      return {
        why: "it is a task of a swarm service, which replaces it by itself",
        next: "Use docker service update --image on a manager.",
      };
    default:
      return null;
  }
}
