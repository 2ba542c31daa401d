import { createHash } from "node:crypto";
import type { JsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { managedBy } from "../containers/managed-by.ts";
import { dependantsOf, nameOf } from "./dependants.ts";
import { outlived, passing } from "./eligible.ts";
import { keepStep } from "./keep.ts";
import { parseReference, pulledDigests, shortId } from "./reference.ts";
import { type Remaking, remaking, removeLeft, swapSteps, type UpdateStep } from "./steps.ts";
import { find, recreateIn, type World } from "./world.ts";

/** What an update of one container does; the tool makes a unit of the gate out of it. */
export interface UpdatePlan {
  name: string;
  identity: JsonObject;
  basis: JsonObject;
  changes: string[];
  steps: UpdateStep[];
  warnings: string[];
  /** How many containers it touches. */
  touches: number;
}

export interface UpdateWishes {
  /** The digest that the registry serves now. */
  remote: string;
  /** Where the local tag points now: an image id, or null. */
  tagged: string | null;
  health_timeout_s: number;
  settle_s: number;
  /** Every name that the same plan updates, and the image (`repository@digest`) it gets. */
  together: ReadonlyMap<string, string>;
}

/**
 * Plans the update of one container that has no obstacle and for which the registry serves another digest.
 * The old container is never removed before the new one has proven itself: it is set aside under another name.
 */
export function planUpdate(world: World, container: ContainerInspected, wishes: UpdateWishes): UpdatePlan {
  const name = nameOf(container);
  const reference = parseReference(container.Config.Image);
  const repository = reference?.repository ?? "";
  const tag = reference?.tag ?? "latest";
  const image = `${repository}@${wishes.remote}`;
  const own = remaking(world, container, image, true);
  const dependants = dependantsOf(name, world.containers);
  const remade = dependants.map(({ container: other }) => {
    // Updated by an earlier unit of the same plan: then it is made again on its new image.
    const updated = wishes.together.get(nameOf(other));
    return remaking(world, other, updated ?? other.Image, updated !== undefined);
  });

  const steps: UpdateStep[] = [
    { step: "pull", args: { image }, does: `Pull ${image}`, undo: "The pulled image stays; nothing uses it." },
    keepStep(name, container.Image),
    {
      step: "move_tag",
      args: { image, repository, tag, from: wishes.tagged },
      does: `Let ${repository}:${tag} mean the new image`,
      undo: `Let ${repository}:${tag} mean what it meant before`,
    },
    ...[container, ...dependants.map((other) => other.container)].flatMap((one) => {
      // One that an earlier unit of the same plan updates is cleared there.
      const left = one !== container && wishes.together.has(nameOf(one)) ? null : outlived(world, one);
      return left === null ? [] : [removeLeft(nameOf(one), left)];
    }),
    ...swapSteps(own, remade, { timeout_s: wishes.health_timeout_s, settle_s: wishes.settle_s }),
  ];

  const oldDigest = pulledDigests(world.images.get(container.Image)?.RepoDigests, repository)[0];
  return {
    name,
    identity: { container_id: container.Id, image_id: container.Image, image },
    basis: basisOf(world, name, [...wishes.together.keys()]),
    changes: [
      `${name}: ${repository}:${tag}, ${oldDigest ? shortId(oldDigest) : "unknown digest"} → ${shortId(wishes.remote)}`,
      ...dependants.map((other) => `${nameOf(other.container)} is made again as it is: ${other.shares}`),
    ],
    steps,
    warnings: [
      downtime(own, remade, wishes.health_timeout_s),
      ...composeWarning(container),
      ...own.notes.map((note) => `${name}: ${note}`),
    ],
    touches: 1 + dependants.length,
  };
}

/**
 * What an update was planned on; anything different later makes the plan stale. Of dependants that the same plan updates
 * (`together`) only their being there counts: their own units stand for them, and ran before.
 */
export function basisOf(world: World, name: string, together: readonly string[]): JsonObject {
  const standing = (container: ContainerInspected): JsonObject => ({
    name: nameOf(container),
    container_id: container.Id,
    image_id: container.Image,
    running: container.State.Running,
    made_like_sha256: createHash("sha256")
      .update(JSON.stringify(recreateIn(world, container) ?? null))
      .digest("hex"),
  });
  const own = find(world, name);
  const dependants = dependantsOf(name, world.containers);
  return {
    container: own ? standing(own) : null,
    dependants: dependants.map(({ container }) => {
      const { name: called = "", running = false, ...rest } = standing(container);
      return together.includes(nameOf(container)) ? { name: called, running } : { name: called, running, ...rest };
    }),
    together: [...together],
    left_over: [name, ...dependants.map(({ container }) => nameOf(container)).filter((one) => !together.includes(one))]
      .flatMap((one) => Object.values(passing(one)))
      .filter((other) => find(world, other) !== undefined),
  };
}

function downtime(own: Remaking, remade: readonly Remaking[], timeout_s: number): string {
  if (!own.running) return `${own.name} is stopped and stays so: nothing will show whether the new image works.`;
  const down = [own, ...remade.filter(({ running }) => running)].map(({ name }) => name).join(", ");
  return `Down while it is exchanged, and for at most ${timeout_s} s until it is healthy or put back: ${down}.`;
}

function composeWarning(container: ContainerInspected): string[] {
  const manager = managedBy(container.Config.Labels);
  if (manager.by !== "compose") return [];
  return [
    "It belongs to a compose project; its labels are kept, so compose goes on recognising it. A version written in the compose file is not changed.",
  ];
}
