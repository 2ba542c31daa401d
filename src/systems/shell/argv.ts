import { StewardError } from "../../shared/errors.ts";
import type { Command } from "./command.ts";
import { defaultRoots, fits, type JsonWords, type Slot } from "./slots.ts";

type Value = string | readonly string[] | undefined;

/** The words after the program, with the values in their slots. Errors: bad_input (a value does not fit its slot). */
export function wordsOf(
  { words }: Command,
  values: Readonly<Record<string, Value>>,
  roots: readonly string[] = defaultRoots,
): string[] {
  return words.flatMap((word) => {
    if (typeof word === "string") return [word];
    const value = values[word.slot];
    return "json" in word ? jsonWords(word, value) : [fitting(word, value, roots)];
  });
}

function fitting(word: Slot, value: Value, roots: readonly string[]): string {
  const { slot, is, before = "" } = word;
  if (typeof value !== "string" || !fits(word, value, roots))
    throw new StewardError("bad_input", `A value for ${slot} is not ${is}.`, "Give it as it is listed.");
  return before + value;
}

/** Whatever JSON can say, in printable ASCII and without an apostrophe, so that no shell in between can read it otherwise. */
function jsonWords({ slot }: JsonWords, value: Value): string[] {
  if (!Array.isArray(value)) throw new TypeError(`${slot} takes a list of JSON texts`);
  return value.map((text: string) => {
    const json = JSON.stringify(JSON.parse(text));
    // A bare negative number would be read as an option.
    if (json.startsWith("-")) throw new StewardError("bad_input", `${slot} holds a bare negative number.`, "Leave it.");
    return json.replaceAll(/['\u007f-\uffff]/g, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    });
  });
}
