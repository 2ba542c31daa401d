import { z } from "zod";
import { judge } from "../../../analysis/updates/health.ts";
import { type Clock, systemClock } from "../../../shared/clock.ts";
import { StewardError } from "../../../shared/errors.ts";
import { step } from "../../define.ts";
import { inspected } from "../find.ts";

const args = z.object({ host: z.string(), name: z.string(), timeout_s: z.number(), settle_s: z.number() });
const pause_ms = 500;

/** Waits until a container that was just started has proven itself. Errors: conflict (ill), timeout (undecided). */
export const awaitHealth = (clock: Clock = systemClock) =>
  step({
    args,
    async does({ host, name, timeout_s, settle_s }, { systems, say, signal }) {
      const docker = systems.docker.one(host).system;
      const began = clock.monotonic();
      let steady = { since: began, started_at: "" };
      let last = "it has not been seen yet";
      while (clock.monotonic() - began <= timeout_s * 1000) {
        const now = clock.monotonic();
        // An engine that restarts in the middle is given until the deadline, like the container.
        const seen = await inspected(docker, name, signal).catch(passingFailure);
        if (seen === null)
          throw new StewardError("conflict", `No container is called ${name} any more.`, "Somebody else removed it.");
        if (seen === undefined) last = "Docker does not answer";
        else {
          if (seen.State.StartedAt !== steady.started_at) steady = { since: now, started_at: seen.State.StartedAt };
          const verdict = judge(seen, { steady_s: (now - steady.since) / 1000, settle_s });
          if (verdict.is === "well") return { why: verdict.why };
          if (verdict.is === "ill")
            throw new StewardError(
              "conflict",
              `The new ${name} is not well: ${verdict.why}.`,
              "Look at its log, and after an update at the release notes of its image.",
            );
          last = verdict.why;
        }
        say(`Waiting for ${name}: ${last}`);
        await clock.sleep(pause_ms, signal);
      }
      throw new StewardError(
        "timeout",
        `The new ${name} was not healthy within ${timeout_s} s: ${last}.`,
        "Plan it again with a longer health_timeout_s if it only needs more time.",
      );
    },
    async undoes() {},
  });

function passingFailure(error: unknown): undefined {
  if (error instanceof StewardError && (error.code === "unreachable" || error.code === "timeout")) return undefined;
  throw error;
}
