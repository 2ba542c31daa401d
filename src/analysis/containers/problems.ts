import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { exitMeaning, stoppedOnPurpose } from "./exit.ts";

type Severity = "critical" | "warning" | "info";

/** One thing that is wrong with a container, and how one can tell. Our own words and numbers only. */
export interface ContainerProblem {
  severity: Severity;
  what: string;
  evidence: string;
}

const day_ms = 86_400_000;
// As many as an application may need that waits for its database at boot.
const restartsOfNote = 3;

/** What is wrong with one container, worst first. `now_ms` in milliseconds since 1970. */
export function containerProblems(
  { State, RestartCount, HostConfig }: ContainerInspected,
  now_ms: number,
): ContainerProblem[] {
  const found: ContainerProblem[] = [];
  const meaning = `exit code ${State.ExitCode}, ${exitMeaning(State.ExitCode, State.OOMKilled)}`;
  const policy = HostConfig.RestartPolicy?.Name ?? "no";
  const ended_ms = Date.parse(State.FinishedAt);
  const recently = now_ms - ended_ms < day_ms;
  if (State.Restarting)
    found.push({ severity: "critical", what: "crash loop", evidence: `${RestartCount} restarts; ${meaning}` });
  else if (State.Running && State.Health?.Status === "unhealthy")
    found.push({
      severity: "critical",
      what: "unhealthy",
      evidence: `its healthcheck failed ${State.Health.FailingStreak} times in a row`,
    });
  else if (State.Status === "dead")
    found.push({ severity: "critical", what: "could not be removed", evidence: "the engine calls it dead" });
  else if (State.Status === "exited" && State.OOMKilled)
    found.push({ severity: "critical", what: "out of memory", evidence: meaning });
  else if (State.Status === "exited" && !stoppedOnPurpose(State.ExitCode))
    found.push({
      severity: policy === "no" && !recently ? "warning" : "critical",
      what: "ended with an error",
      evidence: meaning,
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
  return found;
}
