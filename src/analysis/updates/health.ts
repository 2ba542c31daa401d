import type { ContainerInspected } from "../../systems/docker/shapes.ts";

/** `well` and `ill` are final; `wait` means look again. */
export interface Verdict {
  is: "well" | "ill" | "wait";
  why: string;
}

// A container that waits for its database may fall over once or twice; a third time it is in a loop.
const restartsTolerated = 2;

/**
 * Judges a container that was just started. With a healthcheck the engine's own word counts, "unhealthy" at once: its
 * start period and retries are the patience the owner chose (compose and swarm read it alike). Without one it has to run
 * for `settle_s` without a restart; `steady_s` says for how long it has.
 */
export function judge(
  { State, RestartCount, Config }: ContainerInspected,
  { steady_s, settle_s }: { steady_s: number; settle_s: number },
): Verdict {
  if (RestartCount > restartsTolerated)
    return { is: "ill", why: `it restarted ${RestartCount} times, last with exit code ${State.ExitCode}` };
  if (State.Restarting) return { is: "wait", why: "it is restarting" };
  if (!State.Running) return { is: "ill", why: `it stopped with exit code ${State.ExitCode}` };
  const test = Config.Healthcheck?.Test ?? [];
  if (State.Health && test.length > 0 && test[0] !== "NONE") {
    if (State.Health.Status === "healthy") return { is: "well", why: "its healthcheck passes" };
    if (State.Health.Status === "unhealthy") return { is: "ill", why: "its healthcheck fails" };
    return { is: "wait", why: "its healthcheck has not passed yet" };
  }
  if (steady_s >= settle_s) return { is: "well", why: `it has run for ${settle_s} s; it has no healthcheck` };
  return { is: "wait", why: `it has no healthcheck and must run for ${settle_s} s` };
}

/** Seconds to wait: as asked, else the setting, or longer if the container's own healthcheck may take longer to decide. */
export function healthTimeout(asked_s: number | undefined, setting_s: number, { Config }: ContainerInspected): number {
  if (asked_s !== undefined) return asked_s;
  const check: Readonly<Record<string, unknown>> = Config.Healthcheck ?? {};
  // Nanoseconds; the engine's defaults where nothing is said: every 30 s, 30 s each, 3 times.
  const seconds = (field: string, otherwise: number) => Number(check[field] || otherwise * 1e9) / 1e9;
  const decides =
    seconds("StartPeriod", 0) + (seconds("Interval", 30) + seconds("Timeout", 30)) * Number(check.Retries || 3);
  return Config.Healthcheck ? Math.min(3600, Math.ceil(Math.max(setting_s, decides + 5))) : setting_s;
}
