import { type Clock, systemClock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import type { RunOptions, RunResult, Shells } from "../shell/port.ts";
import { changing } from "./changing.ts";
import { defaultDeadlines } from "./connect.ts";
import { fromEjson } from "./ejson.ts";
import { refusal, sentenceName, Unanswered, unanswered, wrongAnswer } from "./failures.ts";
import { runJobUnheard } from "./jobs.ts";
import type { Caller, Deadlines } from "./link.ts";
import { lists } from "./methods.ts";
import type { TrueNas, TrueNasChanges } from "./port.ts";
import { reading } from "./reading.ts";

/**
 * Runs `midclt call METHOD ARGUMENT…` on the TrueNAS. Without -j, which 24.x reads differently: a job's number is
 * answered and followed.
 */
export type RunMidclt = (method: string, args: readonly string[], options: RunOptions) => Promise<RunResult>;

/** By the shell's table, whose two commands for it take the methods of the two lists. */
export const midcltThrough =
  ({ reading: reads, changing: changes }: Pick<Shells, "reading" | "changing">): RunMidclt =>
  (method, params, options) =>
    lists.read.includes(method)
      ? reads.run("midcltRead", { method, params }, options)
      : changes.run("midcltChange", { method, params }, options);

export interface MidcltOptions {
  deadlines?: Partial<Deadlines>;
  clock?: Clock;
}

/**
 * The same TrueNAS through its own command line, for where its API can't be reached. Slower: each call logs in there and
 * is audited, so nothing polls with it but a job that is followed.
 */
export function connectMidclt(
  run: RunMidclt,
  options: MidcltOptions = {},
): { reading: TrueNas; changing: TrueNasChanges } {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const { clock = systemClock } = options;
  const caller: Caller & { close(): void } = {
    async call(method, params, { deadline_ms, signal }) {
      const args = params.map((one) => JSON.stringify(one));
      const options = { timeoutMs: deadline_ms, ...(signal ? { signal } : {}) };
      const result = await run(method, args, options).catch((error) => {
        throw error instanceof StewardError && mayHaveRun.includes(error.code) ? unanswered(error) : error;
      });
      return answered(method, result);
    },
    close() {},
  };
  return {
    reading: reading(caller, deadlines),
    changing: changing(caller, deadlines, (job) => runJobUnheard(caller, { ...job, clock, deadlines })),
  };
}

/** What the shell says where a command may have begun. */
const mayHaveRun = ["timeout", "unreachable"];

/** What it printed: JSON, or on its own Python's True, False and bare text. */
function answered(method: string, { stdout, stderr, code }: RunResult): Json {
  const text = stdout.trim();
  // A failed login exits 0.
  if (/^failed to login/im.test(`${stderr}\n${text}`)) throw noLogin();
  if (code !== 0) throw failure(method, stderr, code);
  if (text === "True" || text === "False") return text === "True";
  try {
    const value: Json = JSON.parse(text);
    return fromEjson(value);
  } catch (cause) {
    if (/^[[{]/.test(text)) throw wrongAnswer("JSON that was cut off", cause);
    return text;
  }
}

const noLogin = () =>
  new StewardError(
    "refused",
    "TrueNAS's midclt could not log in as the ssh user.",
    "Give that user a privilege in TrueNAS (Credentials, Groups, Privileges), or use its API with a key.",
  );

function failure(method: string, stderr: string, code: number): StewardError {
  if (code === 126 || code === 127)
    return new StewardError("unsupported", "That machine has no midclt.", "Is it a TrueNAS? Check ssh of that host.");
  if (/connection refused|no such file or directory|failed to connect/i.test(stderr) && sentenceIn(stderr) === "")
    return new StewardError(
      "unreachable",
      "TrueNAS's middleware is not running.",
      "It may be starting: wait a minute, then try again.",
      { cause: new Error(stderr) },
    );
  const known = /method .* (?:not found|does not exist)/i.test(stderr) ? "ENOMETHOD" : sentenceIn(stderr);
  // Killed in the middle: it may have run.
  if (known === "" && (code === 255 || code > 128))
    return new Unanswered("unreachable", "midclt was ended before it answered.", "Try again.");
  return refusal(method, { name: known, reason: stderr });
}

const sentenceIn = (stderr: string): string =>
  stderr
    .split("\n")
    .map(sentenceName)
    .find((name) => name !== "") ?? "";
