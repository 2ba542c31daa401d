import { dependantsOf } from "../../../analysis/updates/dependants.ts";
import { find, type World } from "../../../analysis/updates/world.ts";
import { eachLimited } from "../../../shared/concurrency.ts";
import type { Docker } from "../../../systems/docker/port.ts";
import type { ImageInspected } from "../../../systems/docker/shapes.ts";
import { inspected } from "../find.ts";

/** Reads what planning an update of `names` needs: all containers, and the images of those and of their dependants. */
export async function readWorld(docker: Docker, names: readonly string[], signal?: AbortSignal): Promise<World> {
  const listed = await docker.list(signal);
  const found = await eachLimited(listed, 16, ({ Id }) => inspected(docker, Id, signal));
  const world = { containers: found.filter((container) => container !== null), images: new Map() };
  const concerned = names.flatMap((name) => {
    const own = find(world, name);
    const dependants = dependantsOf(name, world.containers).map(({ container }) => container);
    return own === undefined ? [] : [own, ...dependants];
  });
  const ids = [...new Set(concerned.map(({ Image }) => Image))];
  const images = await eachLimited(
    ids,
    8,
    async (id): Promise<[string, ImageInspected]> => [id, await docker.image(id, signal)],
  );
  return { ...world, images: new Map(images) };
}
