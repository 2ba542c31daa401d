import type { ErrorCode } from "../../shared/errors.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { dependantsOf, nameOf } from "../updates/dependants.ts";
import type { Obstacle } from "../updates/eligible.ts";
import type { Subject } from "./plan.ts";
import { whoOf } from "./words.ts";

/** What stands against updating a project through its manager now; null when nothing does. */
export function projectObstacle(
  { by, project, members }: Subject,
  outside: readonly ContainerInspected[],
  own: string | undefined,
): (Obstacle & { code: ErrorCode }) | null {
  const who = whoOf(by);
  if (own !== undefined && members.some(({ Id }) => Id.startsWith(own)))
    return {
      code: "unsupported",
      why: "Home Steward runs in it, and would stop itself halfway",
      next: `Update it in ${who} itself.`,
    };
  if (project.busy)
    return {
      code: "conflict",
      why: `${who} is busy with it`,
      next: "Wait until that has finished, then plan again.",
    };
  if (project.state === "stopped")
    return {
      code: "unsupported",
      why: `it is stopped, and ${by === "truenas" ? "TrueNAS upgrades only apps that run" : "would be started by an update"}`,
      next: `Start it first${by === "truenas" ? ": control_container" : ` in ${who}`}.`,
    };
  // The engine ties them to a container's id, and the manager, which makes that container anew, knows nothing of them.
  const [tied] = members.flatMap((one) => dependantsOf(nameOf(one), [one, ...outside]));
  if (tied === undefined) return null;
  return {
    code: "unsupported",
    why: `${nameOf(tied.container)}, which is not of it, would be cut off (${tied.shares})`,
    next: `Update it in ${who} itself, then make that container again.`,
  };
}
