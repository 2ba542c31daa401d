import { randomUUID } from "node:crypto";
import { z } from "zod";
import { asProblem, type Problem, StewardError } from "../shared/errors.ts";
import type { Log } from "../shared/log.ts";

/** Words for anything thrown. What we didn't expect goes to the log under a number, and only the number to the client. */
export function sayError(error: unknown, what: string, log: Log): Problem {
  if (error instanceof StewardError) return asProblem(error);
  if (error instanceof z.ZodError) return badInput(error);
  const id = randomUUID().slice(0, 8);
  log.error(`${what} (${id}): ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    code: "internal",
    message: `Home Steward made a mistake here (${id}).`,
    fix: `Its log (stderr) has the details under ${id}. Please report them.`,
  };
}

function badInput(error: z.ZodError): Problem {
  const lines = error.issues.map(({ path, message }) => `- ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
  return {
    code: "bad_input",
    message: `These arguments don't fit:\n${lines.join("\n")}`,
    fix: "Correct them and call again.",
  };
}
