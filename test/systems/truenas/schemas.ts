import { existsSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { z } from "zod";
import { toEjson } from "../../../src/demo/truenas/framings.ts";
import type { Release, Value } from "../../../src/demo/truenas/model.ts";
import type { Exchange } from "../../../src/demo/truenas/server.ts";

const schema = z.record(z.string(), z.unknown());
const method = z.object({
  job: z.boolean().optional(),
  private: z.boolean().optional(),
  params: z.array(z.string()).nullish(),
  accepts: z.array(schema).nullish(),
  returns: z.array(schema).nullish(),
  filterable_returns: z.array(schema).nullish(),
  args: z.string().nullish(),
  result: z.string().nullish(),
  entry: z.string().nullish(),
  entry_schema: schema.nullish(),
  filterable: z.boolean().optional(),
});
type Declared = z.infer<typeof method>;
const contract = z.object({ methods: z.record(z.string(), z.unknown()), defs: z.record(z.string(), schema) });

const folder = new URL("../../../../shared/contracts/truenas/", import.meta.url);
/** Where the published contracts are not, what needs them is skipped visibly. */
const contractsAreHere = existsSync(folder);

/** Checks what the fake took and gave against what the middleware of that release declares; null without contracts. */
export function contractOf(release: Release): ((exchange: Exchange) => string[]) | null {
  if (!contractsAreHere) return null;
  const { methods, defs } = contract.parse(
    JSON.parse(readFileSync(new URL(`contract-${release}.json`, folder), "utf8")),
  );
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const known = new Map<unknown, ValidateFunction>();
  const fits = (what: string, wanted: Record<string, unknown>, value: unknown) => {
    const validate = known.get(wanted) ?? ajv.compile(translated(wanted));
    known.set(wanted, validate);
    const plain = withDates(value);
    if (validate(plain)) return [];
    const [error] = (validate.errors ?? []).toSorted((a, b) => b.instancePath.length - a.instancePath.length);
    return [`${what}: ${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}`];
  };

  return ({ method: name, params, answer }) => {
    // What was refused may have been refused for its arguments, or for not being there.
    if (answer === null) return [];
    const declared = method.optional().parse(methods[name]);
    if (declared === undefined || declared.private === true) return [`${name} is not of ${release}`];
    return [...asked(name, declared, params.map(toEjson)), ...answered(name, declared, params, toEjson(answer.value))];
  };

  function asked(name: string, { accepts, args, params: names }: Declared, sent: unknown[]): string[] {
    const most = (accepts ?? names)?.length ?? 2;
    if (sent.length > most) return [`${name} takes ${most} arguments`];
    const definition = args ? defs[args] : undefined;
    if (definition !== undefined)
      return fits(
        `${name} is asked`,
        definition,
        Object.fromEntries(sent.map((value, at) => [names?.[at] ?? "", value])),
      );
    return (accepts ?? []).flatMap((one, at) => {
      if (at < sent.length) return fits(`${name} is asked ${at}`, one, sent[at]);
      return one._required_ === true ? [`${name} wants argument ${at}`] : [];
    });
  }

  function answered(name: string, declared: Declared, params: readonly Value[], value: unknown): string[] {
    if (declared.job === true) return fits(`${name} answers a job`, integer, value);
    const definition = declared.result ? defs[declared.result] : undefined;
    if (definition !== undefined) return fits(`${name} answers`, definition, { result: value });
    const [returns] = declared.returns ?? [];
    if (returns !== undefined) return fits(`${name} answers`, returns, value);
    const entry = declared.entry ? defs[declared.entry] : (declared.entry_schema ?? declared.filterable_returns?.[0]);
    const { select, count } = queryOptions.parse(params[1]);
    if (!entry || select !== undefined) return [];
    if (count === true) return fits(`${name} counts`, integer, value);
    const wanted = entry === declared.entry_schema && name === "pool.dataset.query" ? openDataset(entry) : entry;
    return (Array.isArray(value) ? value : [value]).flatMap((one) => fits(`${name} has an entry`, wanted, one));
  }
}

/** Before 25.10 the declaration names none of a dataset's ZFS properties, which every real answer has (25.10's does). */
const openDataset = (entry: Record<string, unknown>) => ({ ...entry, additionalProperties: true });

const integer = { type: "integer" };
const queryOptions = z.object({ select: z.unknown().optional(), count: z.boolean().optional() }).catch({});

/**
 * The declarations before pydantic have a dialect of their own: "float", `items` as a list of alternatives, "_required_" in
 * the property, and null for an object that is not there (a real 25.04 shows `enclosure: null`, declared as an object).
 */
function translated(declared: unknown): Record<string, unknown> {
  const { type, items, anyOf, properties, nullable: orNull, enum: words, ...rest } = old.parse(declared);
  const types = [type ?? []].flat().map((one) => (one === "float" ? "number" : one));
  const nullable = "_required_" in rest && (types.includes("object") || orNull === true);
  const alternatives = anyOf?.map(translated);
  const inner = Object.entries(properties ?? {});
  const required = inner.filter(([, one]) => old.parse(one)._required_ === true).map(([name]) => name);
  return {
    ...rest,
    ...(words?.length ? { enum: words } : {}),
    ...(types.length === 0 ? {} : { type: nullable ? [...types, "null"] : types }),
    ...(alternatives ? { anyOf: nullable ? [...alternatives, { type: "null" }] : alternatives } : {}),
    ...(properties ? { properties: Object.fromEntries(inner.map(([name, one]) => [name, translated(one)])) } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(Array.isArray(items)
      ? items.length === 0
        ? {}
        : { items: { anyOf: items.map(translated) } }
      : items === undefined
        ? {}
        : { items: typeof items === "object" ? translated(items) : items }),
  };
}

const old = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  // Where the source names a constant, the declaration has no more than its name.
  enum: z.array(z.unknown()).optional().catch(undefined),
  properties: schema.optional(),
  _required_: z.boolean().optional(),
  nullable: z.boolean().optional(),
});

/** Dates travel as {"$date": ms}; the declarations call them text. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first?.[0] === "$date" && typeof first[1] === "number") return new Date(first[1]).toISOString();
  return Object.fromEntries(entries.map(([key, inner]) => [key, withDates(inner)]));
}
