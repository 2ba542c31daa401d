import type { z } from "zod";
import { type Field, fieldAt } from "./fields.ts";
import { nearest } from "./nearest.ts";
import { writeKey } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** A schema's complaint in plain words, with the path it is about. */
export interface Worded {
  path: PropertyKey[];
  key: string;
  message: string;
}

/** Says all of a schema's issues so that the person knows the key and what belongs there. Values are never quoted. */
export function wordIssues(issues: readonly Issue[], data: unknown): Worded[] {
  return issues.flatMap((issue) => word(issue, data));
}

function word(issue: Issue, data: unknown): Worded[] {
  const say = (path: PropertyKey[], message: string): Worded => ({ path, key: writeKey(path), message });
  const field = fieldAt(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => say([...issue.path, key], unknownKey(key, field)));
  }
  if (issue.code === "invalid_union" && field?.kind === "section") return wordChoice(issue, field, data);
  if (issue.code === "custom") return [say(issue.path, issue.message)];
  const found = lookUp(data, issue.path);
  const expects = field?.expects ?? "something else";
  if (found === undefined) return [say(issue.path, `missing; expected ${expects}`)];
  return [say(issue.path, `expected ${expects}, found ${kindOf(found)}`)];
}

/** Of several shapes, complains about the one the person most likely meant: the one that shares most keys with what they wrote. */
function wordChoice(issue: Issue & { code: "invalid_union" }, field: Field, data: unknown): Worded[] {
  const found = lookUp(data, issue.path);
  const expected = { path: issue.path, key: writeKey(issue.path), message: `expected ${field.expects}` };
  if (typeof found !== "object" || found === null || Array.isArray(found)) {
    return [{ ...expected, message: `${expected.message}, found ${kindOf(found)}` }];
  }
  const unknown = Object.keys(found).filter((key) => !field.keys.includes(key));
  if (unknown.length > 0) {
    return unknown.map((key) => {
      const path = [...issue.path, key];
      return { path, key: writeKey(path), message: unknownKey(key, field) };
    });
  }
  const [best] = issue.errors.toSorted((one, other) => one.length - other.length);
  if (!best || best.some((inner) => inner.path.length === 0)) return [expected];
  return best.flatMap((inner) => word({ ...inner, path: [...issue.path, ...inner.path] }, data));
}

function unknownKey(key: string, field: Field | undefined): string {
  const keys = field?.keys ?? [];
  // Known, but of another shape of this section.
  if (keys.includes(key)) return `does not belong with the other keys here; expected ${field?.expects}`;
  const meant = nearest(key, keys);
  if (meant) return `unknown key. Did you mean ${meant}?`;
  return `unknown key. Known here: ${keys.join(", ")}`;
}

function lookUp(data: unknown, path: readonly PropertyKey[]): unknown {
  let at = data;
  for (const part of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = Object.entries(at).find(([key]) => key === String(part))?.[1];
  }
  return at;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a section";
  if (typeof value === "string") return "other text";
  if (typeof value === "number") return "another number";
  return "true or false";
}
