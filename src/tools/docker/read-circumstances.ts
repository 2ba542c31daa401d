import { missingDependencies, needsOthers } from "../../analysis/containers/dependencies.ts";
import { endingOf } from "../../analysis/containers/ending.ts";
import type { Circumstances } from "../../analysis/containers/problems.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import type { Docker } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { readContainers } from "./read-containers.ts";

/** Around each container that does not run well: how it ended, and what it needs and is not there. By id. */
export async function readCircumstances(
  docker: Docker,
  containers: readonly ContainerInspected[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Circumstances>> {
  const unwell = containers.filter(
    ({ State }) =>
      State.Restarting || State.Health?.Status === "unhealthy" || (State.Status === "exited" && failed(State)),
  );
  // One that was asked for alone may need others that were not read.
  const all =
    containers.length === 1 && unwell.some(needsOthers) ? await readContainers(docker, { signal }) : containers;
  const found = await eachLimited(unwell, 4, async (container): Promise<[string, Circumstances]> => {
    const events = container.State.Status === "exited" ? await docker.life(container, signal) : [];
    return [container.Id, { ending: endingOf(container, events), missing: missingDependencies(container, all) }];
  });
  return new Map(found);
}

const failed = ({ ExitCode, OOMKilled }: ContainerInspected["State"]) => ExitCode !== 0 || OOMKilled;
