import { createHash } from "node:crypto";
import { StewardError } from "../shared/errors.ts";
import type { Json } from "../shared/json.ts";

/**
 * The one way to write a value as bytes: keys sorted by code unit, strings in Unicode's NFC, whole numbers only,
 * no spaces. Two values that mean the same have the same digest. Errors: bad_input (a fraction, an unsafe number,
 * `undefined`, two keys that are the same in NFC).
 */
export function canonical(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return wholeNumber(value);
  if (typeof value === "string") return JSON.stringify(value.normalize("NFC"));
  if (typeof value !== "object") throw notCarried("something that JSON cannot carry");
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).map(([key, item]) => [key.normalize("NFC"), item] as const);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (entries.some(([key], at) => key === entries[at - 1]?.[0])) throw notCarried("one key in two spellings");
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/**
 * Whether writing the value as canonical bytes keeps every text as it is. What an effect gets must: a path or a
 * setting in another Unicode form is another path or setting.
 */
export function isNormal(value: Json): boolean {
  if (typeof value === "string") return value === value.normalize("NFC");
  if (value === null || typeof value !== "object") return true;
  if (isList(value)) return value.every(isNormal);
  return Object.entries(value).every(([key, item]) => isNormal(key) && isNormal(item));
}

/** SHA-256 of a text's UTF-8 bytes, in hex. */
export const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

const isList = (value: object): value is readonly Json[] => Array.isArray(value);

function wholeNumber(value: number): string {
  // A fraction has several spellings, and a large number may not be the one that was written.
  if (!Number.isSafeInteger(value)) throw notCarried("a number that is not a whole one");
  return String(value === 0 ? 0 : value);
}

const notCarried = (what: string) =>
  new StewardError("bad_input", `A plan cannot hold ${what}.`, "Plan it with other values.");
