import type { ContainerInspected, ImageInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "./dependants.ts";
import { sourceName } from "./mounts.ts";
import { type Recreation, recreate } from "./recreate.ts";

/** All containers of one engine, and the images that those concerned were made from, by image id. */
export interface World {
  containers: readonly ContainerInspected[];
  images: ReadonlyMap<string, ImageInspected>;
}

/** The container of that name or id. */
export function find(world: World, reference: string): ContainerInspected | undefined {
  return world.containers.find((container) => nameOf(container) === reference || container.Id === reference);
}

/** {@link recreate} with everything it needs taken from the world. Undefined when the image is not known. */
export function recreateIn(world: World, container: ContainerInspected): Recreation | undefined {
  const image = world.images.get(container.Image);
  if (image === undefined) return undefined;
  const sources = (container.HostConfig.VolumesFrom ?? []).flatMap((entry): [string, ContainerInspected][] => {
    const source = find(world, sourceName(entry));
    return source === undefined ? [] : [[sourceName(entry), source]];
  });
  const named = (reference: string) => {
    const neighbour = find(world, reference);
    return neighbour && nameOf(neighbour);
  };
  return recreate(container, image, { nameOf: named, sources: new Map(sources) });
}
