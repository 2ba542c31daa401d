import type { Problem } from "../../shared/errors.ts";
import type { Finding } from "./rank.ts";

/** A system that does not answer is a problem by itself, the worst: nothing else is known of it. */
export function silentFinding(area: string, host: string, problem: Problem): Finding {
  return {
    severity: "critical",
    area,
    host,
    subject: host,
    what: `${area} does not answer`,
    evidence: problem.message,
    next: problem.fix,
  };
}
