import { networkOwner } from "../../analysis/containers/details.ts";
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

/** The name of the container whose network another one uses; undefined when none's, or when it can't be told. */
export async function networkOwnerName(
  docker: Docker,
  container: ContainerInspected,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const id = networkOwner(container);
  const owner = id === null ? undefined : await docker.inspect(id, signal).catch(() => undefined);
  return owner?.Name.replace(/^\//, "");
}
