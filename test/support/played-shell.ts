import { Readable } from "node:stream";
import type { Runner } from "../../src/systems/shell/runner.ts";

/** What a program would say. */
export interface Played {
  stdout?: string;
  stderr?: string;
  code?: number;
}

/** A machine on which programs only say what is written down: for `shellOver`, in place of a real runner. */
export function playedRunner(answer: (argv: readonly string[]) => Played | Promise<Played>, root = true): Runner {
  return {
    name: "a played machine",
    root,
    async start(argv, signal) {
      signal.throwIfAborted();
      const { stdout = "", stderr = "", code = 0 } = await answer(argv);
      const streams = { stdout: Readable.from([Buffer.from(stdout)]), stderr: Readable.from([Buffer.from(stderr)]) };
      return {
        ...streams,
        exit: Promise.resolve(code),
        stop() {
          for (const stream of Object.values(streams)) stream.destroy();
        },
      };
    },
    close: async () => {},
  };
}
