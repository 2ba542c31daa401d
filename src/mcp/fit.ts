import type { Json, JsonObject } from "../shared/json.ts";

/** 25,000 tokens at four bytes each, over facts and text together. */
const capBytes = 100_000;
/** Of that, what the text part may take, and what the words about the cut take. */
const textBytes = 20_000;
const noticeBytes = 1_000;
const howToGet = "Ask for less at a time: name a host or container, or use the tool's limit and cursor.";

interface Fitted {
  structured: JsonObject;
  text: string;
}

/**
 * Cuts an answer to the cap: the longest lists and texts lose their ends until the whole fits. What was left out and
 * how to get it is said in `cut_short` and in the text's last line.
 */
export function fitToCap(structured: JsonObject, text: string): Fitted {
  const shortText = cutText(text);
  if (size(structured) + bytes(shortText) <= capBytes && shortText === text) return { structured, text };
  const left: string[] = shortText === text ? [] : ["the end of the text"];
  let cut: Json = structured;
  const budget = capBytes - bytes(shortText) - noticeBytes;
  for (let round = 0; round < 100 && size(cut) > budget; round++) {
    const biggest = findBiggest(cut, []);
    if (!biggest) break;
    const { path, length } = biggest;
    const keep = Math.floor(length * Math.max(0.1, Math.min(0.9, 1 - (size(cut) - budget) / biggest.size)));
    cut = replaceAt(cut, path, keep);
    note(left, path, keep, length);
  }
  const said = left.slice(0, 8).join("; ");
  const cut_short = `Left out to stay under 25,000 tokens: ${said}. ${howToGet}`;
  const object = asObject(cut);
  return { structured: { ...object, cut_short }, text: `${shortText}\n${cut_short}` };
}

const bytes = (text: string) => Buffer.byteLength(text);
const size = (value: Json) => bytes(JSON.stringify(value));
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function cutText(text: string): string {
  if (bytes(text) <= textBytes) return text;
  const kept = Buffer.from(text).subarray(0, textBytes).toString("utf8");
  return closed(kept.slice(0, Math.max(kept.lastIndexOf("\n"), textBytes / 2)));
}

/** What was cut inside a fence gets its end back: or all that follows would be taken for text from outside. */
function closed(text: string): string {
  let open: string | undefined;
  for (const [ticks] of text.matchAll(/^`{3,}$/gm)) {
    if (open === undefined) open = ticks;
    else if (ticks === open) open = undefined;
  }
  return open === undefined ? text : `${text}\n${open}`;
}

interface Biggest {
  path: readonly (string | number)[];
  size: number;
  length: number;
}

/** The list or text that holds most bytes by itself: what its longest member holds counts for that member. */
function findBiggest(value: Json, path: readonly (string | number)[]): Biggest | null {
  if (typeof value === "string") return { path, size: bytes(value), length: value.length };
  if (value === null || typeof value !== "object") return null;
  const members: [string | number, Json][] = isList(value) ? [...value.entries()] : Object.entries(value);
  const inner = members
    .map(([key, member]) => findBiggest(member, [...path, key]))
    .reduce((one, other) => ((other?.size ?? 0) > (one?.size ?? 0) ? other : one), null);
  if (!isList(value) || value.length < 2) return inner;
  const own = size(value);
  return inner && inner.size > own / 2 ? inner : { path, size: own, length: value.length };
}

function replaceAt(value: Json, path: readonly (string | number)[], keep: number): Json {
  const [head, ...rest] = path;
  if (head === undefined) {
    if (typeof value === "string") return `${value.slice(0, keep).replace(/[\uD800-\uDBFF]$/, "")}…`;
    return isList(value) ? value.slice(0, keep) : value;
  }
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((member, index) => (index === head ? replaceAt(member, rest, keep) : member));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === head ? replaceAt(member, rest, keep) : member]),
  );
}

function note(left: string[], path: readonly (string | number)[], keep: number, length: number): void {
  const name = path.filter((part) => typeof part === "string").join(".") || "the answer";
  const before = left.findIndex((line) => line.startsWith(`${name}: `));
  if (before === -1) {
    left.push(`${name}: the first ${keep} of ${length} are here`);
    return;
  }
  const of = left[before]?.match(/ of (\d+) /)?.[1] ?? String(length);
  left[before] = `${name}: the first ${keep} of ${of} are here`;
}

function asObject(value: Json): JsonObject {
  return value !== null && typeof value === "object" && !isList(value) ? value : {};
}
