import { ownName } from "../../analysis/containers/names.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Docker } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { Fleet } from "../../systems/fleet.ts";

/** The one host on which a container of that name is. Errors: not_found, ambiguous, and those of the hosts. */
export async function hostOf(fleet: Fleet<Docker>, container: string, host?: string): Promise<string> {
  if (host !== undefined || fleet.hosts.length === 1) return fleet.one(host).host;
  const answers = await fleet.each(async (docker) =>
    (await docker.list()).some(({ Names }) => ownName(Names) === container),
  );
  const [first, second] = answers.filter((answer) => answer.ok && answer.value).map((answer) => answer.host);
  if (first !== undefined && second === undefined) return first;
  if (second !== undefined)
    throw new StewardError("ambiguous", `Several hosts have a container ${container}.`, "Name the host.");
  const silent = answers.filter((answer) => !answer.ok).map((answer) => answer.host);
  throw nowhere(container, silent);
}

/** For a container that none of the hosts asked has; a host that is silent may have it all the same. */
export function nowhere(container: string, silent: readonly string[]): StewardError {
  const [who, note] =
    silent.length === 0
      ? ["No host", ""]
      : ["No host that answers", ` These hosts do not answer: ${silent.join(", ")}.`];
  return new StewardError("not_found", `${who} has a container ${container}.`, `See list_containers.${note}`);
}

/** The container of that name, or null where there is none. */
export async function inspected(
  docker: Docker,
  name: string,
  signal?: AbortSignal,
): Promise<ContainerInspected | null> {
  try {
    return await docker.inspect(name, signal);
  } catch (error) {
    if (error instanceof StewardError && error.code === "not_found") return null;
    throw error;
  }
}
