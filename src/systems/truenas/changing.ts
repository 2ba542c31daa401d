import type { Clock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import { Unanswered } from "./failures.ts";
import { runJob } from "./jobs.ts";
import type { Deadlines, Link } from "./link.ts";
import { mustBeListed } from "./methods.ts";
import type { TrueNasChanges } from "./port.ts";

export function changing(link: Link, clock: Clock, deadlines: Deadlines): TrueNasChanges {
  return {
    async call(method, params, signal) {
      mustBeListed(method, "change");
      try {
        return await link.call(method, params, { deadline_ms: deadlines.change_ms, signal });
      } catch (error) {
        throw error instanceof Unanswered ? mayHaveRun(error) : error;
      }
    },
    job(method, params, onProgress, signal) {
      mustBeListed(method, "job");
      return runJob(link, { method, params, onProgress, signal, clock, deadlines });
    },
  };
}

const mayHaveRun = (cause: Unanswered) =>
  new StewardError(
    cause.code,
    `${cause.message} The change may have been made.`,
    "Look at how things are before trying again.",
    { cause },
  );
