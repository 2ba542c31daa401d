import { createHash } from "node:crypto";
import { z } from "zod";
import { edited, type LineEdit } from "./line-diff.ts";

/** A change of a project's file as a plan keeps it: the lines that differ, and hashes of the whole. */
export const definitionChange = z.object({
  /** How lines end in it. */
  newline: z.enum(["\n", "\r\n"]),
  edits: z.array(z.object({ at: z.int(), removed: z.array(z.string()), added: z.array(z.string()) })),
  before_sha256: z.string(),
  after_sha256: z.string(),
});
export type DefinitionChange = z.infer<typeof definitionChange>;

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Each line that goes or comes, with its number, for a person. */
export const sayDefinition = ({ edits }: DefinitionChange): string[] =>
  edits.flatMap(({ at, removed, added }) => [
    ...removed.map((line, index) => `line ${at + index + 1}: - ${line.trim()}`),
    ...added.map((line, index) => `line ${at + index + 1}: + ${line.trim()}`),
  ]);

/** The text with the change made, or taken back; null where that is not what it was meant to give. */
export function redefined(text: string, change: DefinitionChange, way: "forth" | "back"): string | null {
  const [edits, wanted] =
    way === "forth" ? [change.edits, change.after_sha256] : [inverse(change.edits), change.before_sha256];
  const made = edited(text.split(change.newline), edits).join(change.newline);
  return hashOf(made) === wanted ? made : null;
}

function inverse(edits: readonly LineEdit[]): LineEdit[] {
  let shift = 0;
  return edits.map(({ at, removed, added }) => {
    const back = { at: at + shift, removed: added, added: removed };
    shift += added.length - removed.length;
    return back;
  });
}
