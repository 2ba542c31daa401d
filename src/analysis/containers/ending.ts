import type { LifeEvent } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { exitMeaning } from "./exit.ts";

/** How a container stands that does not run, and how one can tell; our own words only. */
export interface Ending {
  is:
    | "running"
    | "crash_loop" // the engine starts it again by itself
    | "crashed"
    | "stopped" // by a person, or by what manages it
    | "finished" // it had nothing more to do
    | "not_started"
    | "cannot_tell";
  why: string;
  /** Of one that crashed for want of memory; the engine's own flag misses that at times, and its events tell. */
  out_of_memory?: true;
}

const outOfMemory: Ending = { is: "crashed", why: "it ran out of memory", out_of_memory: true };

/** Signals that ask a process for something else than its end: HUP, USR1, USR2, WINCH. */
const harmless: ReadonlySet<number> = new Set([1, 10, 12, 28]);
/** What a process ends with that was asked to: by itself, or by SIGINT or SIGTERM. */
const polite: ReadonlySet<number> = new Set([0, 130, 143]);
/** Between the event of an end and the time the engine writes down for it. */
const apart_ms = 5_000;

/**
 * Whether a container crashed, or somebody stopped it. An exit code does not tell: who handles SIGTERM may end with any,
 * and one that is killed after a stop ends with 137, as one does that ran out of memory. The engine's events do; where it
 * has forgotten them only what cannot be a stop counts, for nothing is worse than to fight the person who stopped it.
 */
export function endingOf(container: ContainerInspected, events: readonly LifeEvent[]): Ending {
  const { State } = container;
  const { ExitCode: code, OOMKilled: oom } = State;
  const meaning = `exit code ${code}, ${exitMeaning(code, oom)}`;
  if (State.Restarting) return { is: "crash_loop", why: `the engine starts it again and again; ${meaning}` };
  if (State.Running || State.Paused) return { is: "running", why: "it runs" };
  if (State.Status === "created") return { is: "not_started", why: "it never ran" };
  const died = events.findLastIndex(({ action }) => action === "die");
  const death = events[died];
  if (!death || Math.abs(death.at_ms - Date.parse(State.FinishedAt)) > apart_ms) return untold(container, meaning);
  // To the end: one that the engine was about to start again has ended already when somebody stops it.
  const life = events.slice(events.slice(0, died).findLastIndex(({ action }) => action === "start") + 1);
  if (life.some(isStop)) return { is: "stopped", why: "the engine was asked to stop it" };
  if (oom || life.some(({ action }) => action === "oom")) return outOfMemory;
  if (code === 0) return { is: "finished", why: "it ended by itself without an error" };
  if (polite.has(code)) return { is: "stopped", why: "it was asked to stop, not through the engine" };
  return { is: "crashed", why: meaning };
}

const isStop = ({ action, signal }: LifeEvent): boolean =>
  action === "stop" || (action === "kill" && !(signal !== null && harmless.has(signal)));

/** Without its events. */
function untold({ State, HostConfig, RestartCount }: ContainerInspected, meaning: string): Ending {
  const { ExitCode: code, OOMKilled: oom } = State;
  const { Name: policy, MaximumRetryCount: most = 0 } = HostConfig.RestartPolicy ?? { Name: "no" };
  if (oom && code === 137) return outOfMemory;
  if (policy === "on-failure" && most > 0 && RestartCount >= most && !polite.has(code))
    return { is: "crashed", why: `the engine gave up after ${RestartCount} restarts; ${meaning}` };
  if (code === 0 && (policy === "no" || policy === "on-failure"))
    return { is: "finished", why: "it ended without an error" };
  return { is: "cannot_tell", why: `${meaning}; the engine no longer knows whether somebody stopped it` };
}

/** How long it ran before it ended, ms. */
export const ranFor = ({ State }: ContainerInspected): number =>
  Math.max(0, Date.parse(State.FinishedAt) - Date.parse(State.StartedAt)) || 0;
