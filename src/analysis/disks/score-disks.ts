import type { DiskModel } from "./model.ts";
import { BadTimeline, parseTimeline } from "./timeline.ts";
import { judgeBy } from "./trace.ts";

/**
 * Scores recorded drives, one line each in and out (NDJSON), in the order they come, holding one at a time. Every day
 * of `at` is judged by the readings up to that day alone, whatever else `at` asks. A line that can't be read goes to
 * `complain`, with its number, and the rest goes on. Empty lines are skipped.
 */
export async function* scoreDisks(
  model: DiskModel,
  lines: AsyncIterable<string>,
  complain: (problem: string) => void,
): AsyncGenerator<string> {
  const judge = judgeBy(model);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      const { drive, readings, at } = parseTimeline(line);
      const standings = at.map(judge(readings));
      yield `${JSON.stringify({
        drive,
        at,
        tier: standings.map(({ tier }) => tier),
        p30: standings.map(({ p30 }) => p30),
        p120: standings.map(({ p120 }) => p120),
      })}\n`;
    } catch (error) {
      if (!(error instanceof BadTimeline)) throw error;
      complain(`Line ${number} was left out: ${error.message}.`);
    }
  }
}
