import { parse, stringify } from "yaml";
import { z } from "zod";
import { asJsonObject, type JsonObject } from "./json.ts";

/** YAML that is always written in one way: sorted by name, each item on a line of its own. Two that say the same are equal. */
export const writeYaml = (said: JsonObject): string =>
  stringify(said, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });

/** What such a text says. Throws where it is no YAML, or says no more than one value. */
export const readYaml = (text: string): JsonObject =>
  asJsonObject(z.record(z.string(), z.unknown()).parse(parse(text)));
