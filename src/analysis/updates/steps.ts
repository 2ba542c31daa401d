import type { JsonObject } from "../../shared/json.ts";
import { asJsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "./dependants.ts";
import { passing } from "./eligible.ts";
import { recreateIn, type World } from "./world.ts";

/** One step as a plan stores it (`StepSpec` of the gate): which effect, its arguments, both directions in plain words. */
export interface UpdateStep {
  step:
    | "pull"
    | "keep_image"
    | "move_tag"
    | "create"
    | "stop"
    | "set_aside"
    | "take_name"
    | "start"
    | "await_health"
    | "remove_old";
  args: JsonObject;
  does: string;
  undo: string;
}

/** How one container is made again, and on which image (`repository@digest` or an image id). */
export interface Remaking {
  name: string;
  running: boolean;
  /** Its restart policy, where the engine may start it again by itself although it was stopped; else null. */
  comes_back: JsonObject | null;
  /** Arguments of the `create` step: without its environment, which may hold secrets and is read when the step runs. */
  create: JsonObject;
  notes: string[];
}

// Compose compares this label with the image it would use, and makes the container again when they differ.
const composeImage = "com.docker.compose.image";

/** `updated` tells a new image from the one it already runs. Throws when its present image is not in the world. */
export function remaking(world: World, container: ContainerInspected, image: string, updated: boolean): Remaking {
  const made = recreateIn(world, container);
  if (made === undefined) throw new Error("The image of a container to recreate was not read.");
  const { Env: _, ...body } = made.body;
  const labelled = updated && container.Config.Labels?.[composeImage] !== undefined;
  const name = nameOf(container);
  return {
    name,
    running: container.State.Running,
    comes_back: comesBack(container),
    create: asJsonObject({
      name,
      temporary: passing(name).fresh,
      image,
      image_id_labels: labelled ? [composeImage] : [],
      body,
      without_env: [],
      with_env: {},
      connect: made.connect,
    }),
    notes: made.notes,
  };
}

// An engine that starts also starts what was stopped under "always", and under "on-failure" what stopping made fail.
function comesBack({ HostConfig: { RestartPolicy: policy } }: ContainerInspected): JsonObject | null {
  return policy?.Name === "always" || policy?.Name === "on-failure" ? asJsonObject(policy) : null;
}

/**
 * Exchanges a container for the one made from `own.create`, then makes its dependants again. Undone in reverse order,
 * it leaves every old container running under its name: dependants are stopped before and started after what they
 * depend on. `while_down` runs between the two: neither the old one nor the new one does.
 */
export function swapSteps<Extra = never>(
  own: Remaking,
  dependants: readonly Remaking[],
  health: { timeout_s: number; settle_s: number },
  while_down: readonly Extra[] = [],
): (UpdateStep | Extra)[] {
  return [
    create(own),
    ...dependants.toReversed().flatMap(stop),
    ...stop(own),
    ...setAside(own),
    ...while_down,
    ...start(own),
    ...(own.running ? [awaitHealth(own.name, health)] : []),
    ...dependants.flatMap((dependant) => [create(dependant), ...setAside(dependant), ...start(dependant)]),
    // Its own first: with it gone there is no way back, and no dependant's old container is of use any more.
    removeOld(own),
    ...dependants.map(removeOld),
  ];
}

function create({ name, create: args }: Remaking): UpdateStep {
  const { fresh } = passing(name);
  return { step: "create", args, does: `Make the new ${name}, not started yet, as ${fresh}`, undo: `Remove ${fresh}` };
}

function stop({ name, running }: Remaking): UpdateStep[] {
  if (!running) return [];
  return [{ step: "stop", args: { name }, does: `Stop ${name}`, undo: `Start ${name} again` }];
}

function setAside({ name }: Remaking): UpdateStep[] {
  const { fresh, aside } = passing(name);
  const args = { name, fresh, aside };
  return [
    {
      step: "set_aside",
      args,
      does: `Set the old ${name} aside as ${aside}`,
      undo: `Give the old ${name} its name back`,
    },
    { step: "take_name", args, does: `Name the new one ${name}`, undo: `Name the new one ${fresh} again` },
  ];
}

function start({ name, running, comes_back }: Remaking): UpdateStep[] {
  if (!running) return [];
  const args = { name, ...passing(name), comes_back };
  return [{ step: "start", args, does: `Start the new ${name}`, undo: `Stop the new ${name}` }];
}

function awaitHealth(name: string, { timeout_s, settle_s }: { timeout_s: number; settle_s: number }): UpdateStep {
  return {
    step: "await_health",
    args: { name, timeout_s, settle_s },
    does: `Wait up to ${timeout_s} s until the new ${name} is healthy`,
    undo: "Nothing to undo",
  };
}

function removeOld({ name }: Remaking): UpdateStep {
  const { aside } = passing(name);
  return {
    step: "remove_old",
    args: { name, aside },
    does: `Remove the old container ${aside}; its image and its volumes stay`,
    undo: "Nothing to undo: it is the last step, and the new one has proven itself",
  };
}

/** Of an earlier update that was cut off: its name is needed again. */
export function removeLeft(name: string, aside: string): UpdateStep {
  return {
    step: "remove_old",
    args: { name, aside },
    does: `Remove ${aside}, which an interrupted update left stopped; its image and its volumes stay`,
    undo: "Nothing to undo: what runs today is its successor, and is well",
  };
}
