import { type DefinitionChange, hashOf } from "./definition-change.ts";
import { editCompose, type ServiceEdit } from "./edit-compose.ts";
import { lineEdits } from "./line-diff.ts";

/** Changes several services of one file. No edits where all of it says so already. Errors: as of `editCompose`. */
export function planDefinition(
  text: string,
  wanted: readonly { service: string; edit: ServiceEdit }[],
): DefinitionChange {
  const after = wanted.reduce((now, { service, edit }) => editCompose(now, service, edit).text, text);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const edits = lineEdits(text.split(newline), after.split(newline));
  return { newline, edits, before_sha256: hashOf(text), after_sha256: hashOf(after) };
}
