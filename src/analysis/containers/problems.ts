import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { Ending } from "./ending.ts";
import { exitMeaning, stoppedOnPurpose } from "./exit.ts";

type Severity = "critical" | "warning" | "info";

/** One thing that is wrong with a container, and how one can tell. Our own words and numbers only. */
export interface ContainerProblem {
  severity: Severity;
  what: string;
  evidence: string;
}

/** What is around a container that does not run well; {@link Ending} from its engine's events. */
export interface Circumstances {
  ending: Ending;
  /** Names of containers that it needs and that do not run. */
  missing: readonly string[];
}

const day_ms = 86_400_000;
// As many as an application may need that waits for its database at boot.
const restartsOfNote = 3;

/** What is wrong with one container, worst first. `now_ms` in milliseconds since 1970. */
export function containerProblems(
  { State, RestartCount, HostConfig }: ContainerInspected,
  now_ms: number,
  around?: Circumstances,
): ContainerProblem[] {
  const found: ContainerProblem[] = [];
  const oom = ranOutOfMemory(State, around);
  const meaning = `exit code ${State.ExitCode}, ${exitMeaning(State.ExitCode, oom)}`;
  const policy = HostConfig.RestartPolicy?.Name || "no";
  const ended_ms = Date.parse(State.FinishedAt);
  const recently = now_ms - ended_ms < day_ms;
  if (State.Restarting)
    found.push({
      severity: "critical",
      what: "crash loop",
      evidence: `${RestartCount} restarts${lastRun({ StartedAt: State.StartedAt, ended_ms })}; ${meaning}`,
    });
  else if (State.Running && State.Health?.Status === "unhealthy")
    found.push({
      severity: "critical",
      what: "unhealthy",
      evidence: `its healthcheck failed ${State.Health.FailingStreak} times in a row`,
    });
  else if (State.Status === "dead")
    found.push({ severity: "critical", what: "could not be removed", evidence: "the engine calls it dead" });
  else if (State.Status === "exited" && crashed(State, around))
    found.push({
      severity: oom || policy !== "no" || recently ? "critical" : "warning",
      what: oom ? "out of memory" : "ended with an error",
      evidence: `${meaning}; ${whyNotAgain(policy, RestartCount)}`,
    });
  else if (State.Status === "exited" && State.ExitCode === 0 && policy === "always")
    found.push({ severity: "warning", what: "stopped although it should always run", evidence: meaning });
  else if (State.Status === "paused")
    found.push({ severity: "info", what: "paused", evidence: "it is frozen in memory" });
  // Only the first start fails without ever ending: a port that is taken, a mount that is missing.
  if (State.Status === "created" && State.Error !== "")
    found.push({
      severity: "critical",
      what: "could not be started",
      evidence: "the engine gives a reason: see detail full",
    });
  if (State.Running && !State.Restarting && RestartCount >= restartsOfNote)
    found.push({
      severity: recently ? "warning" : "info",
      what: "restarted by itself",
      evidence: `${RestartCount} restarts; last ${meaning}`,
    });
  const needs = around?.missing.length ? `; it needs ${around.missing.join(", ")}, which does not run` : "";
  return found.map((problem) => ({ ...problem, evidence: `${problem.evidence}${needs}` }));
}

/** By the engine's own flag, which misses it at times, or by its events. */
export const ranOutOfMemory = (
  { OOMKilled }: ContainerInspected["State"],
  around: Circumstances | undefined,
): boolean => OOMKilled || around?.ending.out_of_memory === true;

/** By the engine's events where it has them; else by the exit code, which may be that of a stop. */
function crashed({ ExitCode, OOMKilled }: ContainerInspected["State"], around: Circumstances | undefined): boolean {
  if (around && around.ending.is !== "cannot_tell") return around.ending.is === "crashed";
  return OOMKilled || !stoppedOnPurpose(ExitCode);
}

/** Why the engine does not start it again. */
function whyNotAgain(policy: string, restarts: number): string {
  if (policy === "no") return "nothing starts it again (restart policy no)";
  if (policy === "on-failure") return `the engine gave up after ${restarts} restarts (restart policy on-failure)`;
  return `its restart policy is ${policy}, and yet it is down`;
}

/** The end that the engine notes while it waits for the next start is that of the last run. */
function lastRun({ StartedAt, ended_ms }: { StartedAt: string; ended_ms: number }): string {
  const seconds = Math.round((ended_ms - Date.parse(StartedAt)) / 1000);
  return seconds >= 0 && seconds < 86_400 ? `, the last run took ${seconds} s` : "";
}
