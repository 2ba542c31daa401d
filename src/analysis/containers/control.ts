import { StewardError } from "../../shared/errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { dependantsOf, nameOf } from "../updates/dependants.ts";
import { managedBy } from "./managed-by.ts";

export type Action = "start" | "stop" | "restart";

/** What a plan to control a container was made on. */
export function controlBasis({ Id, State }: ContainerInspected): JsonObject {
  return { container_id: Id, running: State.Running, started_at: State.StartedAt };
}

/** Throws where there is nothing to do, or where Home Steward would stop itself. Errors: nothing_to_do, unsupported, conflict. */
export function checkControl(action: Action, container: ContainerInspected, own: string | undefined): void {
  const name = nameOf(container);
  if (own !== undefined && container.Id.startsWith(own) && action !== "start")
    throw new StewardError(
      "unsupported",
      `Home Steward runs in ${name} and would stop itself.`,
      "Do it from outside, with compose or the docker command.",
    );
  if (container.State.Paused) throw new StewardError("conflict", `${name} is paused.`, "Unpause it first.");
  if (action === "start" && container.State.Running)
    throw new StewardError("nothing_to_do", `${name} is running already.`, "A restart would start it anew.");
  if (action === "stop" && !container.State.Running && !container.State.Restarting)
    throw new StewardError("nothing_to_do", `${name} is stopped already.`, "Nothing needs to be done.");
}

/** What a person should know before it: who else is hit, and who may undo it. */
export function controlWarnings(
  action: Action,
  container: ContainerInspected,
  all: readonly ContainerInspected[],
): string[] {
  const name = nameOf(container);
  const hit =
    action === "start"
      ? []
      : dependantsOf(name, all).map((dependant) => `${nameOf(dependant.container)}: ${dependant.shares}.`);
  const manager = managedBy(container.Config.Labels);
  const managed = { truenas: "TrueNAS", portainer: "Portainer", compose: "", swarm: "Swarm", plain: "" }[manager.by];
  const gone = action !== "start" && container.HostConfig.AutoRemove;
  return [
    ...(gone ? [`${name} was started with --rm: stopping it deletes it, and it can't be started again.`] : []),
    ...hit,
    ...(managed && action === "stop" ? [`${managed} manages ${name} and may start it again.`] : []),
  ];
}

/** Where the container stands, judged by whether it runs and since when. */
export function judgeControl(
  action: Action,
  saved: { container_id: string; running: boolean; started_at: string },
  now: ContainerInspected | null,
): { is: "after" | "before" | "neither"; why: string } {
  if (now === null) return { is: "neither", why: "There is no container of that name any more." };
  const name = nameOf(now);
  if (now.Id !== saved.container_id) return { is: "neither", why: `${name} is another container by now.` };
  const { Running, StartedAt } = now.State;
  const why = Running ? `${name} runs since ${StartedAt}.` : `${name} is stopped.`;
  const same = Running === saved.running && StartedAt === saved.started_at;
  const after = action === "stop" ? !Running : Running && StartedAt !== saved.started_at;
  if (after) return { is: "after", why };
  // Put back means running again (since a later time) or stopped again.
  return { is: same || Running === saved.running ? "before" : "neither", why };
}
