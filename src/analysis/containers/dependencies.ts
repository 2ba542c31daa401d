import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { networkOwner } from "./details.ts";

/** Whether it may need another container. */
export const needsOthers = (container: ContainerInspected): boolean =>
  networkOwner(container) !== null || Boolean(container.Config.Labels?.["com.docker.compose.depends_on"]);

/** Names of what a container needs and what is not there for it: its network's owner, and what compose says it depends on. */
export function missingDependencies(container: ContainerInspected, all: readonly ContainerInspected[]): string[] {
  const labels = container.Config.Labels ?? {};
  const project = labels["com.docker.compose.project"];
  const sameProject = all.filter(
    (one) => project !== undefined && one.Config.Labels?.["com.docker.compose.project"] === project,
  );
  // "db:service_healthy:false,cache:service_started:true"
  const wanted = (labels["com.docker.compose.depends_on"] ?? "").split(",").map((entry) => entry.split(":"));
  const services = wanted.flatMap(([service = "", condition = ""]) =>
    sameProject
      .filter((one) => one.Config.Labels?.["com.docker.compose.service"] === service)
      .filter((one) => !isThere(one, condition)),
  );
  const owner = networkOwner(container);
  const network = all.filter((one) => owner !== null && [one.Id, nameOf(one)].includes(owner) && !one.State.Running);
  return [...new Set([...network, ...services].map(nameOf))];
}

function isThere({ State }: ContainerInspected, condition: string): boolean {
  if (condition === "service_completed_successfully") return !State.Running && State.ExitCode === 0;
  return State.Running && !(condition === "service_healthy" && State.Health?.Status === "unhealthy");
}
