import type { Readable } from "node:stream";
import { wordsOf } from "./argv.ts";
import type { Command, Commands } from "./command.ts";
import { endedBadly, judge, notInstalled, tooLate } from "./failures.ts";
import type { RunOptions, Shell } from "./port.ts";
import { beginning, linesOf, recordsOf, textOf } from "./read.ts";
import type { Runner } from "./runner.ts";
import { defaultRoots } from "./slots.ts";

type Values = Readonly<Record<string, string | readonly string[]>>;
/** How a program ended that did run. */
interface End {
  code: number;
  stderr: string;
}

const stderrKept = 64 * 1024;

/** The commands of `table`, and no other, on the machine of `runner`. */
export function shellOver<T extends Commands>(
  runner: Runner,
  table: T,
  roots: readonly string[] = defaultRoots,
): Shell<T> {
  const places = new Map<readonly string[], readonly string[]>();
  const named = (name: string): Command => {
    const command = Object.hasOwn(table, name) ? table[name] : undefined;
    if (command === undefined) throw new Error(`${name} is not in this table`);
    return command;
  };

  /** Yields what `read` makes of stdout, from the first of the program's places where it is. */
  async function* output<P>(command: Command, values: Values, options: RunOptions, read: Reader<P>) {
    const words = wordsOf(command, values, roots);
    const sudo = command.root && !runner.root;
    for (const place of places.get(command.program) ?? command.program) {
      const argv = [...(sudo ? ["sudo", "-n", "--"] : []), place, ...words];
      const end: End = yield* once(argv, options, command, read);
      if (judge(runner.name, command, end, sudo) === "missing") continue;
      places.set(command.program, [place]);
      return end;
    }
    places.delete(command.program);
    throw notInstalled(runner.name, command);
  }

  async function* once<P>(argv: readonly string[], options: RunOptions, command: Command, read: Reader<P>) {
    const { signal, timeoutMs = command.timeout_ms, input } = options;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(tooLate(runner.name, command, timeoutMs)), timeoutMs);
    const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    try {
      const running = await runner.start(argv, either, timeoutMs, input);
      const ended = () => running.stop(either.reason);
      either.addEventListener("abort", ended, { once: true });
      if (either.aborted) ended();
      try {
        const stderr = beginning(running.stderr, stderrKept);
        stderr.catch(() => {});
        yield* read(running.stdout);
        return { stderr: await stderr, code: await running.exit };
      } finally {
        either.removeEventListener("abort", ended);
        running.stop(new Error("Nobody reads it any more."));
      }
    } catch (error) {
      throw either.aborted ? either.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async function* list<P>(name: string, values: Values, options: RunOptions, read: Reader<P>) {
    const command = named(name);
    const { code, stderr } = yield* output(command, values, options, read);
    if (!(command.answers ?? [0]).includes(code)) throw endedBadly(runner.name, command, code, stderr);
  }

  return {
    async run(name: string, values: Values, options = {}) {
      const command = named(name);
      const pieces = output(command, values, options, (stdout) => textOf(stdout, command.max_bytes));
      let stdout = "";
      let step = await pieces.next();
      for (; step.done !== true; step = await pieces.next()) stdout += step.value;
      return { stdout, ...step.value };
    },
    lines: (name: string, values: Values, options = {}) => list(name, values, options, linesOf),
    records: (name: string, values: Values, options = {}) => list(name, values, options, recordsOf),
  };
}

type Reader<P> = (stdout: Readable) => AsyncGenerator<P, void, undefined>;
