import { parseDocument } from "yaml";

/** What YAML, labels and arguments say alike: keys in lower case, everything else as text. */
export type Value = string | readonly Value[] | ReadonlyMap<string, Value>;
type Tree = Map<string, Value>;

/** More than a file by hand has: to find every mistake in a longer one takes the parser seconds. */
const longest = 128 * 1024;
/** What would take time that grows with the square of a text is left out: each error's lines, and looking for double keys. */
const options = { logLevel: "silent", merge: true, prettyErrors: false, uniqueKeys: false } as const;

/** Null for what is no YAML, too long, or a template that only looks like it. */
export function yamlOf(text: string): Value | null {
  if (text.length > longest) return null;
  try {
    const document = parseDocument(text, options);
    return document.errors.length > 0 ? null : plainly(document.toJS({ mapAsMap: true }));
  } catch {
    // Too many aliases, or nested deeper than the stack.
    return null;
  }
}

function plainly(plain: unknown): Value {
  if (Array.isArray(plain)) return plain.map(plainly);
  if (plain instanceof Map)
    return new Map([...plain].map(([key, value]): [string, Value] => [String(key).toLowerCase(), plainly(value)]));
  return plain === null || plain === undefined ? "" : String(plain);
}

/** The tree that dotted keys stand for: "a.b=1" is { a: { b: 1 } }. */
export function dottedOf(entries: readonly (readonly [string, string])[]): Value {
  const root: Tree = new Map();
  const branches = new Map([["", root]]);
  for (const [key, value] of entries) {
    const steps = key.toLowerCase().split(".").slice(0, 10);
    const leaf = steps.pop() ?? "";
    let here = root;
    for (const [at, step] of steps.entries()) {
      const path = `.${steps.slice(0, at + 1).join(".")}`;
      const branch = branches.get(path) ?? new Map();
      branches.set(path, branch);
      here.set(step, branch);
      here = branch;
    }
    // "tls=true" beside "tls.certresolver=x": the branch says more.
    if (!(here.get(leaf) instanceof Map)) here.set(leaf, value);
  }
  return root;
}

/** What stands at a path of keys; "" for nothing. */
export function at(value: Value | null, ...keys: string[]): Value {
  let here: Value = value ?? "";
  for (const key of keys) here = isBranch(here) ? (here.get(key) ?? "") : "";
  return here;
}

const isBranch = (value: Value): value is ReadonlyMap<string, Value> => value instanceof Map;

export const branchesOf = (value: Value): [string, Value][] => (isBranch(value) ? [...value] : []);

export const textOf = (value: Value): string => (typeof value === "string" ? value : "");

/** A list, or a text with commas in it. */
export const listOf = (value: Value): Value[] => {
  if (Array.isArray(value)) return value;
  return typeof value === "string" ? value.split(",").flatMap((part) => part.trim() || []) : [];
};

export const textsOf = (value: Value): string[] => listOf(value).map(textOf);
