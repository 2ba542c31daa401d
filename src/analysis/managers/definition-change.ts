import { createHash } from "node:crypto";
import { z } from "zod";
import { literal } from "../../shared/literal.ts";
import { edited, type LineEdit } from "./line-diff.ts";

/** Where the value of a secret stood in a line that goes: `mark` is in its place, `file` has the value from then on. */
const gap = z.object({ mark: z.string(), file: z.string(), writing: z.int().min(0) });

/** A change of a project's file as a plan keeps it: the lines that differ, and hashes of the whole. Never a secret. */
export const definitionChange = z.object({
  /** How lines end in it. */
  newline: z.enum(["\n", "\r\n"]),
  edits: z.array(z.object({ at: z.int(), removed: z.array(z.string()), added: z.array(z.string()) })),
  gaps: z.array(gap),
  before_sha256: z.string(),
  after_sha256: z.string(),
});
export type DefinitionChange = z.infer<typeof definitionChange>;

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * How a value can stand in a compose file, which fills in what follows a single `$`: within double quotes, within single
 * ones, as it is. In this order: the last can be a part of the first.
 */
export const writingsOf = (value: string): string[] => {
  const written = value.replaceAll("$", "$$$$");
  return [JSON.stringify(written).slice(1, -1), written.replaceAll("'", "''"), written];
};

/** Each line that goes or comes, with its number, for a person. */
export const sayDefinition = ({ edits }: DefinitionChange): string[] =>
  edits.flatMap(({ at, removed, added }) => [
    ...removed.map((line, index) => `line ${at + index + 1}: - ${line.trim()}`),
    ...added.map((line, index) => `line ${at + index + 1}: + ${line.trim()}`),
  ]);

/** The text with the change made; null where that is not what it was meant to give. */
export function redefined(text: string, { newline, edits, after_sha256 }: DefinitionChange): string | null {
  const made = edited(text.split(newline), edits).join(newline);
  return hashOf(made) === after_sha256 ? made : null;
}

/**
 * The text with the change taken back, byte for byte; null where that is not what comes of it. `values`: what the files of
 * its gaps hold, by file.
 */
export function restored(
  text: string,
  { newline, edits, gaps, before_sha256 }: DefinitionChange,
  values: ReadonlyMap<string, string>,
): string | null {
  const filled = new Map(
    gaps.map(({ mark, file, writing }) => [mark, writingsOf(values.get(file) ?? "")[writing] ?? mark]),
  );
  const back = inverse(edits).map((edit) => ({ ...edit, added: edit.added.map((line) => replaced(line, filled)) }));
  const made = edited(text.split(newline), back).join(newline);
  return hashOf(made) === before_sha256 ? made : null;
}

/** All in one pass, the longest first: one may be a part of another, or of what is put in for it. */
export function replaced(line: string, by: ReadonlyMap<string, string>): string {
  const found = [...by.keys()].toSorted((one, other) => other.length - one.length).map(literal);
  return found.length === 0 ? line : line.replace(new RegExp(found.join("|"), "g"), (one) => by.get(one) ?? one);
}

function inverse(edits: readonly LineEdit[]): LineEdit[] {
  let shift = 0;
  return edits.map(({ at, removed, added }) => {
    const back = { at: at + shift, removed: added, added: removed };
    shift += added.length - removed.length;
    return back;
  });
}
