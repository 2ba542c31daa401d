import type { Tally } from "../../../analysis/permissions/trees/tally.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Files } from "../../../systems/files/port.ts";

/** One filesystem of a tree. */
export interface Pass {
  path: string;
  /** Whether its filesystem has access lists. */
  lists: boolean;
  /** Whether something in it hangs, and has to be gone round. */
  hangs: boolean;
}

/**
 * Counts the entries of one filesystem, and their access lists: both are read side by side, since find knows nothing of lists, and
 * what does know them is slower. Answers why lists were not read, or null.
 */
export async function walkPass(
  files: Files,
  { path, lists, hangs }: Pass,
  counted: Tally,
  say: (entries: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  if (hangs) {
    for await (const batch of files.accessLists(path, { signal, every: true })) {
      counted.add(batch.map(({ entry }) => entry));
      counted.addLists(batch);
      say(batch.length);
    }
    return null;
  }
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const reading = lists ? readLists(files, path, counted, either).catch((error: unknown) => ({ error })) : null;
  try {
    for await (const batch of files.walk(path, { signal })) {
      counted.add(batch);
      say(batch.length);
    }
  } catch (error) {
    ended.abort(error);
    throw error;
  }
  const failed = await reading;
  signal.throwIfAborted();
  if (!failed) return null;
  if (!(failed.error instanceof StewardError)) throw failed.error;
  return `${failed.error.message} ${failed.error.fix}`;
}

async function readLists(files: Files, path: string, counted: Tally, signal: AbortSignal): Promise<void> {
  for await (const batch of files.accessLists(path, { signal })) counted.addLists(batch);
}
