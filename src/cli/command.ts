import type { Readable, Writable } from "node:stream";

/** What a command gets of its surroundings; handed in so that tests own it. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
}

/** One command of the command line. Answers the exit code (docs/exit codes: 0 done, 1 failed, 2 wrong use). */
export type Command = (args: readonly string[], surroundings: Surroundings) => Promise<number>;
