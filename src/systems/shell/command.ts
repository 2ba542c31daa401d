import type { JsonWords, Slot } from "./slots.ts";

/** One word of a command: fixed, or a slot. */
export type Word = string | Slot | JsonWords;

/** One command that may be run: where its program is, its words, and what it may take. */
export interface Command {
  /** Absolute paths, the usual one first; the first that is there is used. */
  program: readonly string[];
  words: readonly Word[];
  /** Runs through `sudo -n`, unless the account is root anyway. */
  root: boolean;
  /** Milliseconds. */
  timeout_ms: number;
  /** Bytes of stdout; more is a wrong_answer. Does not count for `lines`. */
  max_bytes: number;
  /** Exit codes with which a list is whole, 0 if left out: `find` ends with 1 where a file vanished while it looked. */
  answers?: readonly number[];
}

export type Commands = Readonly<Record<string, Command>>;

/** The values a command asks for, by slot. */
export type SlotsOf<C extends Command> = { readonly [N in Named<C["words"][number], Slot>["slot"]]: string } & {
  readonly [N in Named<C["words"][number], JsonWords>["slot"]]: readonly string[];
};
type Named<W, K> = Extract<W, K>;

interface Limits {
  root: boolean;
  timeout_ms: number;
  max_bytes: number;
  answers?: readonly number[];
}

/** A row: without `limits` not as root, half a minute, 16 MiB. */
export function command<const W extends readonly Word[]>(
  program: readonly string[],
  words: W,
  limits: Partial<Limits> = {},
): Omit<Command, "words"> & { words: W } {
  return { program, words, root: false, timeout_ms: 30_000, max_bytes: 16 * 1024 * 1024, ...limits };
}

/** A command's words as one would type them; what stands in braces is one word each. */
export function line<const S extends readonly (string | Slot)[]>(
  texts: TemplateStringsArray,
  ...slots: S
): readonly (string | S[number])[] {
  return texts.flatMap((text, at) => [...text.split(" ").filter((word) => word !== ""), ...slots.slice(at, at + 1)]);
}
