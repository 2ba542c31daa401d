/** What went wrong, by who has to act on it. */
export type ErrorCode =
  | "bad_input" // the caller: change the arguments
  | "not_found" // the named thing does not exist
  | "ambiguous" // several things answer to that name
  | "not_configured" // no such system in the configuration
  | "unreachable" // the system does not answer
  | "timeout" // it answered too late
  | "wrong_answer" // it answered something that is not its protocol
  | "refused" // the system or the gate said no
  | "unsupported" // this version or kind cannot do it
  | "conflict" // the state changed meanwhile
  | "nothing_to_do" // it is already as wanted
  | "internal";

/**
 * An error whose message is meant to be read: what is wrong, then `fix`, what to do next.
 * Both are our own words: text from outside may not enter either, except names that passed a schema.
 */
export class StewardError extends Error {
  readonly code: ErrorCode;
  readonly fix: string;
  /** See {@link Problem.since}. */
  readonly since?: string;

  constructor(code: ErrorCode, message: string, fix: string, options?: ErrorOptions & { since?: string }) {
    super(message, options);
    this.name = "StewardError";
    this.code = code;
    this.fix = fix;
    if (options?.since !== undefined) this.since = options.since;
  }
}

/** Thrown by what should have changed something and changed nothing: there is nothing of it to take back. */
export class Untouched extends StewardError {}

/** The same problem as data, for answers that go on without the system that failed. */
export interface Problem {
  code: ErrorCode;
  message: string;
  fix: string;
  /** ISO 8601. Of a system that does not answer: since when, as far as it was asked. */
  since?: string;
}

/** Turns anything thrown into a {@link Problem}. An unexpected error keeps its details for stderr and gives none away. */
export function asProblem(error: unknown): Problem {
  if (error instanceof StewardError) {
    const { code, message, fix, since } = error;
    return { code, message, fix, ...(since === undefined ? {} : { since }) };
  }
  return {
    code: "internal",
    message: "Home Steward made a mistake here.",
    fix: "The details are in its log (stderr). Please report them.",
  };
}

/** " since 2026-11-22 14:02 UTC", or nothing where that is not known. */
export const saySince = (since: string | undefined): string =>
  since === undefined ? "" : ` since ${since.slice(0, 16).replace("T", " ")} UTC`;
