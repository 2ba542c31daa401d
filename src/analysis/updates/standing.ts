import { z } from "zod";
import type { Json } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { dependantsOf, nameOf } from "./dependants.ts";
import { passing } from "./eligible.ts";
import { shortId } from "./reference.ts";
import { find, type World } from "./world.ts";

export interface Evidence {
  world: World;
  name: string;
  /** What the plan was made on (`basisOf`). */
  basis: Json;
  /** Id of the image that the plan pulls; null when it is not here. */
  newImageId: string | null;
}

const standing = z.looseObject({
  name: z.string(),
  container_id: z.string(),
  image_id: z.string(),
  running: z.boolean(),
});
const basisShape = z.looseObject({ container: standing, dependants: z.array(standing) });

/**
 * Where an update stands, judged by what runs: the new image under the name (`after`), the saved container with the saved
 * image, running as before (`before`), or neither. Dependants count: one that is down, or lost its neighbour, is neither.
 */
export function judgeStanding({ world, name, basis, newImageId }: Evidence): {
  is: "after" | "before" | "neither";
  why: string;
} {
  const saved = basisShape.parse(basis);
  const now = find(world, name);
  if (now === undefined)
    return {
      is: "neither",
      why: `No container is called ${name}. ${whereabouts(world, name, saved.container.container_id)}`,
    };
  const runs = now.State.Running ? "runs" : "is stopped and has";
  const image = shortId(now.Image);
  const asBefore = now.State.Running === saved.container.running;
  const lame = saved.dependants.filter((dependant) => !goesOn(world, dependant, now));
  const trouble = lame.length > 0 ? ` But not as before: ${lame.map((dependant) => dependant.name).join(", ")}.` : "";

  if (now.Id === saved.container.container_id) {
    const same = now.Image === saved.container.image_id && asBefore && lame.length === 0;
    const why = `${name} ${runs} image ${image}, which equals the saved one, in the same container as before.${trouble}`;
    return {
      is: same ? "before" : "neither",
      why: asBefore ? why : `${why} It was ${saved.container.running ? "running" : "stopped"} before.`,
    };
  }
  const isNew = newImageId !== null && now.Image === newImageId;
  if (isNew && asBefore && lame.length === 0)
    return {
      is: "after",
      why: `Updated: ${name} ${runs} image ${image}, the one that was approved (before: ${shortId(saved.container.image_id)}).`,
    };
  return {
    is: "neither",
    why: `${name} ${runs} image ${image}, in another container than before${isNew ? "" : ", and it is not the image that was approved"}.${trouble}`,
  };
}

/** A dependant goes on when it runs as before and, if it lives in another container, that container is the present one. */
function goesOn(world: World, saved: z.output<typeof standing>, on: ContainerInspected): boolean {
  const now = find(world, saved.name);
  if (now === undefined || now.Image !== saved.image_id || now.State.Running !== saved.running) return false;
  return dependantsOf(nameOf(on), world.containers).some(({ container }) => container === now);
}

function whereabouts(world: World, name: string, savedId: string): string {
  const aside = world.containers.find(({ Id }) => Id === savedId);
  if (aside === undefined) return "The saved container is gone.";
  return `The saved container is there as ${nameOf(aside)}${nameOf(aside) === passing(name).aside ? ": rename it back and start it" : ""}.`;
}
