import { cleanLine } from "../../shared/text.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { exitMeaning } from "./exit.ts";
import { type Manager, managedBy } from "./managed-by.ts";
import { type Circumstances, type ContainerProblem, containerProblems, ranOutOfMemory } from "./problems.ts";

/** One container in short. Times are ISO 8601, ages in seconds; `null` where there is nothing to say. */
export interface ContainerFacts {
  name: string;
  state: string;
  health: "healthy" | "unhealthy" | "starting" | null;
  /** Since it started, or since it ended. */
  since_s: number | null;
  restarts: number;
  /** Of the last end: code and meaning; null while it never ended or runs without a restart. */
  exit: string | null;
  image: string;
  managed_by: Manager["by"];
  problems: ContainerProblem[];
}

/** Never before this: the engine's word for "not yet". */
const never = "0001-01-01T00:00:00Z";

/** What one container is and how it is. `now_ms` in milliseconds since 1970. */
export function describe(container: ContainerInspected, now_ms: number, around?: Circumstances): ContainerFacts {
  const { State } = container;
  const oom = ranOutOfMemory(State, around);
  const ended = State.Restarting || (!State.Running && State.FinishedAt !== never);
  return {
    name: container.Name.replace(/^\//, ""),
    state: State.Status,
    health: healthOf(container),
    since_s: secondsSince(State.Running ? State.StartedAt : State.FinishedAt, now_ms),
    restarts: container.RestartCount,
    exit: ended || State.OOMKilled ? `${State.ExitCode}: ${exitMeaning(State.ExitCode, oom)}` : null,
    image: cleanLine(container.Config.Image, 200),
    managed_by: managedBy(container.Config.Labels).by,
    problems: containerProblems(container, now_ms, around),
  };
}

/** The engine's word on health; null without a healthcheck and while it does not run. */
function healthOf({ State }: ContainerInspected): ContainerFacts["health"] {
  const status = State.Health?.Status;
  return State.Running && (status === "healthy" || status === "unhealthy" || status === "starting") ? status : null;
}

/** Whole seconds since an ISO time; null for "never". */
function secondsSince(at: string, now_ms: number): number | null {
  const then = Date.parse(at);
  return at === never || Number.isNaN(then) ? null : Math.max(0, Math.round((now_ms - then) / 1000));
}
