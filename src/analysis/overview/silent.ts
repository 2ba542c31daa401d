import { type Problem, saySince } from "../../shared/errors.ts";
import type { Finding } from "./rank.ts";

/** A system that does not answer is a problem by itself, the worst: nothing else is known of it. */
export function silentFinding(area: string, host: string, problem: Problem): Finding {
  return {
    severity: "critical",
    area,
    host,
    subject: host,
    what: `${area} does not answer`,
    evidence:
      problem.since === undefined
        ? problem.message
        : `${problem.message} It has been silent${saySince(problem.since)}.`,
    next: problem.fix,
    ...(problem.since === undefined ? {} : { since: problem.since }),
  };
}
