import { type Entry, Refusal, type Value } from "./model.ts";

const isEntry = (value: Value | undefined): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** The params of a `*.query`: filters [[field, operator, value] …] and options (middlewared utils/filter_list). */
export function queried(entries: readonly Entry[], [filters = [], options = {}]: readonly Value[]): Value {
  if (!isList(filters) || !isEntry(options)) throw new Refusal("EINVAL", "query-filters: not a list", "query-filters");
  const found = entries.filter((entry) => filters.every((filter) => matches(entry, filter)));
  const ordered = isList(options.order_by) ? sorted(found, options.order_by.map(String)) : found;
  const offset = Number(options.offset ?? 0);
  const limit = Number(options.limit ?? 0);
  const page = ordered.slice(offset, limit > 0 ? offset + limit : undefined);
  if (options.count === true) return page.length;
  const chosen = isList(options.select) ? selected(page, options.select.map(String)) : page;
  if (options.get !== true) return chosen;
  const [first] = chosen;
  if (first === undefined) throw new Refusal("ENOENT", "None: MatchNotFound");
  return first;
}

function matches(entry: Entry, filter: Value): boolean {
  if (!isList(filter)) throw new Refusal("EINVAL", "query-filters: a filter is a list", "query-filters");
  const [field, operator, wanted] = filter;
  if (field === "OR" && isList(operator)) return operator.some((one) => matches(entry, one));
  const value = at(entry, String(field));
  const [text, other] = [String(value), String(wanted)];
  switch (operator) {
    case "=":
      return value === wanted;
    case "!=":
      return value !== wanted;
    case ">":
      return Number(value) > Number(wanted);
    case ">=":
      return Number(value) >= Number(wanted);
    case "<":
      return Number(value) < Number(wanted);
    case "<=":
      return Number(value) <= Number(wanted);
    case "^":
      return text.startsWith(other);
    case "$":
      return text.endsWith(other);
    case "~":
      return new RegExp(`^(?:${other})`).test(text);
    case "in":
      return isList(wanted) && wanted.includes(value ?? null);
    case "nin":
      return isList(wanted) && !wanted.includes(value ?? null);
    default:
      throw new Refusal("EINVAL", `Invalid operation: ${String(operator)}`, "query-filters");
  }
}

/** "properties.used.parsed" goes into objects. */
function at(entry: Entry, path: string): Value | undefined {
  let value: Value | undefined = entry;
  for (const key of path.split(".")) value = isEntry(value) ? value[key] : undefined;
  return value;
}

function sorted(entries: readonly Entry[], fields: readonly string[]): Entry[] {
  return entries.toSorted((one, other) => {
    for (const field of fields) {
      const name = field.replace(/^-/, "");
      const [a, b] = [at(one, name) ?? "", at(other, name) ?? ""];
      if (a !== b) return (a < b ? -1 : 1) * (field.startsWith("-") ? -1 : 1);
    }
    return 0;
  });
}

/** Nested names stay nested, as the middleware's `select` keeps them. */
function selected(entries: readonly Entry[], paths: readonly string[]): Entry[] {
  return entries.map((entry) =>
    paths.reduce<Entry>((out, path) => put(out, path.split("."), at(entry, path) ?? null), {}),
  );
}

function put(into: Entry, [key = "", ...rest]: readonly string[], value: Value): Entry {
  const inner = into[key];
  return { ...into, [key]: rest.length === 0 ? value : put(isEntry(inner) ? inner : {}, rest, value) };
}
