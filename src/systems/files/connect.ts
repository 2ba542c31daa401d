import { StewardError } from "../../shared/errors.ts";
import type { Shells } from "../shell/port.ts";
import { defaultRoots, fits, tree } from "../shell/slots.ts";
import { listedEntries } from "./access-lists.ts";
import { entryOf } from "./entries.ts";
import { listsProgram } from "./lists-program.ts";
import { mountsOf } from "./mount-info.ts";
import { checkList } from "./owners.ts";
import { pack } from "./packed.ts";
import type { Files, WalkOptions } from "./port.ts";
import { settingsReader } from "./settings.ts";

/** A filesystem that gives no entry for so long hangs: even a sleeping disk is up within a few seconds. */
const silence = 60_000;

/** One machine's folders through its command line, which was given the same roots. Connects at first use. */
export function connectFiles(
  { reading: shell }: Pick<Shells, "reading">,
  roots: readonly string[] = defaultRoots,
): Files {
  const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
  return {
    takes: (path) => fits(tree, path, roots),
    async mounts(signal) {
      const { code, stdout } = await shell.run("mountInfo", {}, withSignal(signal));
      if (code === 0) return mountsOf(stdout);
      throw new StewardError("wrong_answer", `cat ended with code ${code}.`, "Run it by hand there.");
    },
    async answers(path, signal) {
      try {
        // Refused or gone is an answer, too.
        await shell.run("fileSystem", { tree: path }, withSignal(signal));
        return true;
      } catch (error) {
        if (error instanceof StewardError && error.code === "timeout") return false;
        throw error;
      }
    },
    async realPath(path, signal) {
      const { code, stdout } = await shell.run("realPath", { tree: path }, withSignal(signal));
      return code === 0 ? stdout.replace(/\0$/, "") : null;
    },
    accessLists: (folder, { every = false, ...options }) =>
      listedEntries(
        untilSilent(options, (within) =>
          shell.records(
            "accessLists",
            { tree: folder, scope: every ? "every" : "listed" },
            { ...within, input: Buffer.from(listsProgram) },
          ),
        ),
      ),
    ...settingsReader({ reading: shell }, roots),
    pack,
    check: (folder, list, signal) => checkList({ reading: shell }, folder, list, signal),
    async *walk(folder, options) {
      for await (const records of untilSilent(options, (within) => shell.records("walk", { tree: folder }, within)))
        yield records.map(entryOf);
    },
  };
}

/** Gives what `start` gives, and gives it up where nothing comes for so long. */
async function* untilSilent<T>(
  { signal, silence_ms = silence }: WalkOptions,
  start: (within: { signal: AbortSignal }) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const hangs = new AbortController();
  const wait = () => setTimeout(() => hangs.abort(silent(silence_ms)), silence_ms);
  let timer = wait();
  try {
    for await (const batch of start({
      signal: signal === undefined ? hangs.signal : AbortSignal.any([signal, hangs.signal]),
    })) {
      clearTimeout(timer);
      yield batch;
      // Only while it is waited for: who looks at entries may take their time.
      timer = wait();
    }
  } finally {
    clearTimeout(timer);
  }
}

const silent = (ms: number) =>
  new StewardError(
    "timeout",
    `A folder gave no answer for ${ms / 1000} seconds.`,
    "Look for a disk or a mount there that hangs.",
  );
