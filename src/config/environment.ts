import { environmentForm, type Field, fields } from "./fields.ts";
import { nearest } from "./nearest.ts";

/** Variables with the prefix that are not keys of the configuration. */
const apart = new Set(["HOME_STEWARD_CONFIG", "HOME_STEWARD_HOME"]);

const prefix = "HOME_STEWARD_";

interface Form {
  pattern: RegExp;
  field: Field;
  asFile: boolean;
}

/** What the environment says: settings by path, where each came from, and what is no setting. */
export interface FromEnvironment {
  settings: { path: (string | number)[]; value: unknown; variable: string }[];
  /** Variables that no key has, but that come near one. */
  slips: { variable: string; meant: string }[];
  /** Variables that come near none. */
  foreign: string[];
}

/** Reads the environment forms of the configuration's keys. An empty variable counts as unset. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): FromEnvironment {
  const found: FromEnvironment = { settings: [], slips: [], foreign: [] };
  for (const variable of Object.keys(env).sort()) {
    const raw = env[variable];
    if (!variable.startsWith(prefix) || apart.has(variable) || !raw) continue;
    const [match, form] = recognise(variable);
    if (!match || !form) {
      const meant = nearestVariable(variable);
      if (meant === null) found.foreign.push(variable);
      else found.slips.push({ variable, meant });
      continue;
    }
    const positions = match.slice(1).map(Number);
    const path = form.field.path.map((part) => (part === "#" ? (positions.shift() ?? 0) : part));
    found.settings.push({ path, value: form.asFile ? { file: raw } : coerce(form.field, raw), variable });
  }
  return found;
}

/** Puts the environment's settings over the file's. */
export function overlay(data: unknown, { settings }: FromEnvironment): unknown {
  let whole: unknown = data ?? {};
  for (const { path, value } of settings) whole = withValue(whole, path, value);
  return whole;
}

/** The variable that `name` may be a slip of, or null. The prefix is left out: it would make all names look alike. */
function nearestVariable(name: string): string | null {
  const positions = name.match(/(?<=_)\d{1,2}(?=_|$)/g) ?? [];
  const candidates = fields.map(({ path }) => {
    const left = [...positions];
    const form = path.map((part) => (part === "#" ? (left.shift() ?? "0") : part));
    return environmentForm(form).slice(prefix.length);
  });
  const meant = nearest(name.slice(prefix.length), candidates);
  return meant === null ? null : `${prefix}${meant}`;
}

let forms: readonly Form[] | undefined;

function recognise(variable: string): [RegExpMatchArray, Form] | [null, null] {
  forms ??= fields.flatMap((field) => {
    // An element of a list of words has no variable of its own: the list is one, with commas.
    const element = field.path.at(-1) === "#";
    if (element || field.kind === "section" || field.kind === "sections") return [];
    const source = environmentForm(field.path).replaceAll("#", "(\\d{1,2})");
    const plain: Form = { pattern: new RegExp(`^${source}$`), field, asFile: false };
    if (field.secret !== "value") return [plain];
    return [plain, { pattern: new RegExp(`^${source}_FILE$`), field, asFile: true }];
  });
  for (const form of forms) {
    const match = variable.match(form.pattern);
    if (match) return [match, form];
  }
  return [null, null];
}

// What can't be coerced stays text, so that the schema says what was expected.
function coerce({ kind }: Field, raw: string): unknown {
  if (kind === "boolean" && (raw === "true" || raw === "false")) return raw === "true";
  if (kind === "number" && raw.trim() !== "" && Number.isFinite(Number(raw))) return Number(raw);
  if (kind === "list") return raw.split(",").map((part) => part.trim());
  return raw;
}

function withValue(data: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (typeof head === "number") {
    const list: unknown[] = Array.isArray(data) ? [...data] : [];
    // Positions before it that nobody filled become empty sections, and are then missing their own keys.
    while (list.length < head) list.push({});
    list[head] = withValue(list[head], rest, value);
    return list;
  }
  const section = typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
  return { ...section, [head]: withValue(Object.entries(section).find(([key]) => key === head)?.[1], rest, value) };
}
