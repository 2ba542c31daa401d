import { literal } from "../../shared/literal.ts";
import { type JsonWords, patternOf, type Slot } from "./slots.ts";

/** What may stand for one word. Null for JSON words: they are no single word. */
export function wordAsEre(word: string | Slot | JsonWords, roots: readonly string[]): string | null {
  if (typeof word === "string") return literal(word);
  return "json" in word ? null : `${literal(word.before ?? "")}(${patternOf(word, roots)})`;
}
