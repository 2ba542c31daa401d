import { type Clock, systemClock } from "../../../shared/clock.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Managers, ProjectRef } from "../../../systems/managers/port.ts";
import type { Systems } from "../../define.ts";
import { readProject } from "./read-project.ts";

const longest_ms = 10 * 60_000;
const pause_ms = 1_000;

/**
 * A project as it is once nothing is being done to it: a job whose end was not waited for goes on in its manager, and what
 * would take it back must not run beside it. Errors: conflict (it is still busy after ten minutes).
 */
export async function readWhenIdle(
  at: { by: keyof Managers; host: string; ref: ProjectRef },
  systems: Systems,
  say: (message: string) => void,
  clock: Clock = systemClock,
) {
  const until = clock.monotonic() + longest_ms;
  for (;;) {
    const seen = await readProject(at, systems);
    if (!seen.project.busy) return seen;
    if (clock.monotonic() > until)
      throw new StewardError("conflict", "Its manager is still busy with it.", "Look at its jobs there.");
    say("Waiting until its manager has finished what it does");
    await clock.sleep(pause_ms);
  }
}
