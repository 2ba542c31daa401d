import { ownName } from "../../analysis/containers/names.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import type { Docker } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { inspected } from "./find.ts";

/** All containers of one engine in full, or the one of that name; those that vanish meanwhile are left out. */
export async function readContainers(
  docker: Docker,
  options: { container?: string | undefined; signal?: AbortSignal },
): Promise<ContainerInspected[]> {
  const listed = await docker.list(options.signal);
  const wanted = listed.filter(({ Names }) => options.container === undefined || ownName(Names) === options.container);
  const found = await eachLimited(wanted, 16, ({ Id }) => inspected(docker, Id, options.signal));
  return found.filter((container) => container !== null);
}
