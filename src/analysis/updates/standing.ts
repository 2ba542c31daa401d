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

interface Verdict {
  is: "after" | "before" | "neither";
  why: string;
}

const standing = z.looseObject({
  name: z.string(),
  container_id: z.string(),
  image_id: z.string(),
  running: z.boolean(),
});
/** One that the same plan updates by itself has no saved id and image here. */
const neighbour = standing.partial({ container_id: true, image_id: true });
const basisShape = z.looseObject({
  container: standing,
  dependants: z.array(neighbour),
  left_over: z.array(z.string()),
});

/**
 * Where an update stands, judged by what runs: the new image under the name and well (`after`); the saved container with
 * the saved image, running as before, and nothing left lying about (`before`); or neither. Dependants count: one that is
 * down, or lost its neighbour, is neither.
 */
export function judgeStanding({ world, name, basis, newImageId }: Evidence): Verdict {
  const saved = basisShape.parse(basis);
  const now = find(world, name);
  if (now === undefined)
    return {
      is: "neither",
      why: `No container is called ${name}. ${whereabouts(world, saved.container.container_id)}`,
    };
  const state = now.State.Running ? "runs" : "is stopped and has";
  const trouble = [
    ...(now.State.Running === saved.container.running
      ? []
      : [`it was ${saved.container.running ? "running" : "stopped"} before`]),
    ...saved.dependants
      .filter((other) => !goesOn(world, other, now))
      .map((other) => `${other.name} does not go on with it`),
  ];
  const isSaved = now.Id === saved.container.container_id && now.Image === saved.container.image_id;
  const isNew = now.Id !== saved.container.container_id && now.Image === newImageId;
  const lying = [name, ...saved.dependants.map((other) => other.name)]
    .flatMap((one) => Object.values(passing(one)))
    .filter((one) => find(world, one) !== undefined);
  if (isSaved)
    trouble.push(...lying.filter((one) => !saved.left_over.includes(one)).map((one) => `${one} is left over`));
  else if (isNew) trouble.push(...illness(now, lying.includes(passing(name).aside)));
  else trouble.push("that is neither the saved container nor the approved image");

  // Who changes what a container may do makes it again of the image that it has.
  const again = isNew && now.Image === saved.container.image_id;
  const saying = isSaved ? "the saved one, in the saved container" : isNew ? "the approved one" : "another one";
  const was = isNew && !again ? ` Before: ${shortId(saved.container.image_id)}.` : "";
  const why = `${name} ${state} image ${shortId(now.Image)}, ${saying}.${was}`;
  if (trouble.length > 0) return { is: "neither", why: `${why} But ${trouble.join("; ")}.` };
  const left = isNew && lying.length > 0 ? ` Left over, for the next update to remove: ${lying.join(", ")}.` : "";
  return isNew ? { is: "after", why: `${again ? "Made again" : "Updated"}: ${why}${left}` } : { is: "before", why };
}

/**
 * Once the old container is gone the new one had proven itself: one that starts anew after a power cut is then waited
 * for by nobody. Until then, and without a healthcheck, nothing shows that it settled.
 */
function illness({ State, Config }: ContainerInspected, oldLiesAside: boolean): string[] {
  if (!State.Running) return [];
  if (State.Restarting) return ["it is restarting"];
  const test = Config.Healthcheck?.Test ?? [];
  if (State.Health && test.length > 0 && test[0] !== "NONE")
    return State.Health.Status === "healthy" || (State.Health.Status === "starting" && !oldLiesAside)
      ? []
      : [`its healthcheck says ${State.Health.Status === "unhealthy" ? "unhealthy" : "starting"}`];
  return oldLiesAside ? ["it has not shown yet that it keeps running"] : [];
}

/** A dependant goes on when it runs as before and, if it lives in another container, that container is the present one. */
function goesOn(world: World, saved: z.output<typeof neighbour>, on: ContainerInspected): boolean {
  const now = find(world, saved.name);
  if (now === undefined || now.State.Running !== saved.running) return false;
  if (saved.image_id !== undefined && now.Image !== saved.image_id) return false;
  return dependantsOf(nameOf(on), world.containers).some(({ container }) => container === now);
}

function whereabouts(world: World, savedId: string): string {
  const saved = world.containers.find(({ Id }) => Id === savedId);
  return saved ? `The saved container is there as ${nameOf(saved)}.` : "The saved container is gone.";
}
