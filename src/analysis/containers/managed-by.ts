/** Who made a container and would make it again, and how one can tell. */
export interface Manager {
  by: "truenas" | "portainer" | "compose" | "swarm" | "plain";
  /** The TrueNAS app, the stack, the project or the service. */
  name: string | null;
  evidence: string;
}

type Labels = Readonly<Record<string, string>>;

/**
 * Reads it from the labels. TrueNAS (24.10 and later) runs its apps as compose projects `ix-<app>` whose files lie in the
 * hidden dataset `.ix-apps`; Portainer keeps its stacks' files in `/data/compose/<number>`; swarm says it itself.
 */
export function managedBy(labels: Labels | null | undefined): Manager {
  const at = labels ?? {};
  const service = at["com.docker.swarm.service.name"] ?? at["com.docker.swarm.service.id"];
  if (service !== undefined) return { by: "swarm", name: service, evidence: "label com.docker.swarm.service.name" };
  const project = at["com.docker.compose.project"];
  if (project === undefined) return { by: "plain", name: null, evidence: "no label of compose or swarm" };

  const files = [at["com.docker.compose.project.config_files"], at["com.docker.compose.project.working_dir"]];
  const file = (pattern: RegExp) => files.some((path) => path !== undefined && pattern.test(path));
  if (file(/(^|\/)\.?ix-apps\//))
    return { by: "truenas", name: project.replace(/^ix-/, ""), evidence: "its compose file lies under .ix-apps" };
  if (file(/^\/data\/compose\/\d+(\/|$)/))
    return { by: "portainer", name: project, evidence: "its compose file lies in Portainer's /data/compose" };
  return { by: "compose", name: project, evidence: "label com.docker.compose.project" };
}
