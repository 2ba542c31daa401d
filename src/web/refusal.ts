import { asProblem, type ErrorCode, StewardError } from "../shared/errors.ts";

/** A request that is answered with a page saying why not: an HTTP status, what is wrong, what to do next. */
export class Refusal extends Error {
  readonly status: number;
  readonly fix: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, fix: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.fix = fix;
    this.headers = headers;
  }
}

const statuses: Partial<Record<ErrorCode, number>> = { bad_input: 400, refused: 403, not_found: 404, conflict: 409 };

/** The same for anything thrown. An unexpected error goes to stderr and gives nothing away. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof StewardError)) process.stderr.write(`approval page: ${describe(error)}\n`);
  const { code, message, fix } = asProblem(error);
  return new Refusal(statuses[code] ?? 500, message, fix);
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
