import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import { Unanswered } from "./failures.ts";
import type { JobRun } from "./jobs.ts";
import type { Caller, Deadlines } from "./link.ts";
import { mustBeListed } from "./methods.ts";
import type { JobEnd, TrueNasChanges } from "./port.ts";

/** @param run how a job is followed where these calls go */
export function changing(caller: Caller, deadlines: Deadlines, run: (job: JobRun) => Promise<JobEnd>): TrueNasChanges {
  return {
    async call(method, params, signal): Promise<Json> {
      mustBeListed(method, "change");
      try {
        return await caller.call(method, params, { deadline_ms: deadlines.change_ms, signal });
      } catch (error) {
        throw error instanceof Unanswered ? mayHaveRun(error) : error;
      }
    },
    async job(method, params, onProgress, signal) {
      mustBeListed(method, "job");
      return run({ method, params, onProgress, signal });
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
