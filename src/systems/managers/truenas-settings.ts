import { z } from "zod";
import { asJsonObject, type JsonObject } from "../../shared/json.ts";

/** What TrueNAS notes beside the answers to a chart's questions, anew with each thing it does to the app. */
const ownNotes = "ix_context";

/** `app.config` of an app of the catalogue: what its owner answered, by group of questions. */
export const answersIn = ({ [ownNotes]: _, ...answers }: JsonObject): JsonObject => answers;

/**
 * `app.config` of an app that its owner wrote a compose file for, as such a file. TrueNAS keeps what the file says and not
 * how it was written, so it is always written in one way: by name, each item on its own line.
 */
export async function composeText(config: JsonObject): Promise<string> {
  // A start does not need a parser of YAML.
  const { stringify } = await import("yaml");
  return stringify(config, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}

/** What such a file says. Throws where it is no YAML. */
export async function composeConfig(text: string): Promise<JsonObject> {
  const { parse } = await import("yaml");
  return asJsonObject(z.record(z.string(), z.unknown()).parse(parse(text)));
}
