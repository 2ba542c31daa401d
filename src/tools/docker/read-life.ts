import type { Docker, LifeEvent } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";

/** Its last life as the engine remembers it, up to two seconds after its end; nothing where the engine does not say. */
export async function lifeOf(
  docker: Docker,
  { Id, State }: ContainerInspected,
  signal: AbortSignal | undefined,
): Promise<LifeEvent[]> {
  const [from, to] = [Date.parse(State.StartedAt), Date.parse(State.FinishedAt)];
  const between = { since_s: Math.floor(from / 1000), until_s: Math.ceil(to / 1000) + 2 };
  return docker.events(Id, between, signal).catch(() => []);
}
