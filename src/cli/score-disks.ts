import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { scoreDisks as score } from "../analysis/disks/score-disks.ts";
import { shippedModel } from "../analysis/disks/shipped-model.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { readOptions } from "./wrong-use.ts";

/** Made only when it is first read from: an interface that nobody listens to yet drops its lines. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/**
 * Drive timelines in on stdin, their risk out on stdout, one drive a line (docs/disk-prediction.md). Lines that can't be
 * read are named on stderr; the others are scored all the same, and the exit code is 1.
 */
export const scoreDisks: Command = async (args, { stdin, stdout, stderr }) => {
  readOptions(args, {});
  let complaints = 0;
  const complain = (problem: string) => {
    complaints += 1;
    stderr.write(`${problem}\n`);
  };
  await pipeline(Readable.from(score(shippedModel, linesOf(stdin), complain)), stdout, { end: false });
  return complaints === 0 ? exitCodes.done.code : exitCodes.failed.code;
};
