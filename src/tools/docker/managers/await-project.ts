import { z } from "zod";
import { judgeMembers, savedMembers } from "../../../analysis/managers/standing.ts";
import { type Clock, systemClock } from "../../../shared/clock.ts";
import { StewardError } from "../../../shared/errors.ts";
import { step } from "../../define.ts";
import { byManager, readProject } from "./read-project.ts";

const pause_ms = 500;
const patience = { called: z.string(), members: savedMembers, timeout_s: z.number(), settle_s: z.number() };

/** Waits until a project that was just deployed has proven itself. Errors: conflict (ill), timeout (undecided). */
export const awaitProject = (clock: Clock = systemClock) =>
  step({
    args: byManager.extend(patience),
    async does({ called, members: before, timeout_s, settle_s, ...at }, { systems, say, signal }) {
      const began = clock.monotonic();
      const since = new Map<string, { at: number; started: string }>();
      let last = "it has not been seen yet";
      while (clock.monotonic() - began <= timeout_s * 1000) {
        const now = clock.monotonic();
        const seen = await readProject(at, systems, signal).catch(passingFailure);
        if (seen === undefined) last = "its manager or Docker does not answer";
        else {
          for (const { Id, State } of seen.members)
            if (since.get(Id)?.started !== State.StartedAt) since.set(Id, { at: now, started: State.StartedAt });
          const steady_s = new Map([...since].map(([id, start]) => [id, (now - start.at) / 1000]));
          const { is, why } = judgeMembers(seen, before, { steady_s, settle_s });
          if (is === "well" && !seen.project.busy) return { why };
          if (is === "ill")
            throw new StewardError(
              "conflict",
              `The ${called} is not well: ${why}.`,
              "Look at its log, and after an update at the release notes.",
            );
          last = why;
        }
        say(`Waiting for ${called}: ${last}`);
        await clock.sleep(pause_ms, signal);
      }
      throw new StewardError(
        "timeout",
        `The ${called} was not well within ${timeout_s} s: ${last}.`,
        "Plan it again with a longer health_timeout_s if it only needs more time.",
      );
    },
    async undoes() {},
  });

/** What restarts in the middle is given until the deadline. */
function passingFailure(error: unknown): undefined {
  if (error instanceof StewardError && (error.code === "unreachable" || error.code === "timeout")) return undefined;
  throw error;
}
