import type { ContainerFacts } from "../containers/describe.ts";
import type { Finding } from "./rank.ts";

/** The problems of one engine's containers. `leftAlone` are those on which an automation has given up. */
export function dockerFindings(
  host: string,
  containers: readonly ContainerFacts[],
  leftAlone: readonly string[] = [],
): Finding[] {
  return containers.flatMap(({ name, problems }) =>
    problems.map((problem) => ({
      ...problem,
      area: "docker",
      host,
      subject: name,
      next: `${nextStep(problem.what, name)}${leftAlone.includes(name) ? " Its automation gave up on it after too many tries in a row." : ""}`,
    })),
  );
}

/** How many containers are in which condition, for the overview's counts. */
export function dockerCounts(containers: readonly ContainerFacts[]) {
  const count = (fits: (container: ContainerFacts) => boolean) => containers.filter(fits).length;
  return {
    containers: containers.length,
    running: count(({ state }) => state === "running"),
    stopped: count(({ state }) => state === "exited" || state === "created" || state === "dead"),
    unhealthy: count(({ health }) => health === "unhealthy"),
    restarting: count(({ state }) => state === "restarting"),
  };
}

function nextStep(what: string, name: string): string {
  if (what === "bandwidth limit lost") return `limit_bandwidth of ${name} plans to set it again.`;
  if (what === "limits lost") return `enforce_quotas of ${name} plans to set them again.`;
  if (what === "paused") return `control_container can restart ${name}.`;
  if (what === "could not be started")
    return `list_containers with container ${name} and detail full gives the reason.`;
  if (what === "out of memory")
    return `list_containers with detail full shows its memory limit; get_container_logs what it did.`;
  return `get_container_logs of ${name} shows why; control_container restarts it.`;
}
