import { z } from "zod";
import { configSchema } from "./schema.ts";

/**
 * What the schema says, as one table: the environment forms, the wording of errors and docs/config.md come from it.
 * "#" in a path stands for a position in a list.
 */
export interface Field {
  path: readonly string[];
  kind: "text" | "number" | "boolean" | "list" | "section" | "sections";
  /** What belongs here, in plain words: "a whole number from 1 to 65535". */
  expects: string;
  description: string;
  /** The default as JSON; left out where there is none. */
  default?: string;
  required: boolean;
  /** A secret by value, or a path of a file that holds one. */
  secret?: "value" | "file";
  /** Of a section: its keys. */
  keys: readonly string[];
}

const prefix = "HOME_STEWARD";

/** The environment form of a key: `http.port` is HOME_STEWARD_HTTP_PORT, `hosts[0].name` HOME_STEWARD_HOSTS_0_NAME. */
export function environmentForm(path: readonly (string | number)[]): string {
  return [prefix, ...path.map((part) => String(part).toUpperCase())].join("_");
}

interface Notes {
  description: string;
  expects?: string;
  default?: string;
  required: boolean;
  secret?: "value" | "file";
}

const note = z.object({
  description: z.string().optional(),
  expects: z.string().optional(),
  secret: z.boolean().optional(),
  secretFile: z.boolean().optional(),
});

function walk(schema: z.core.$ZodType, path: readonly string[]): Field[] {
  const notes: Notes = { description: "", required: true };
  const inner = unwrap(schema, notes);
  const { description, required } = notes;
  const base = {
    path,
    description,
    required,
    keys: [],
    ...(notes.default === undefined ? {} : { default: notes.default }),
    ...(notes.secret === undefined ? {} : { secret: notes.secret }),
  };
  if (notes.secret) return [{ ...base, kind: "text", expects: notes.expects ?? "text" }];
  if (inner instanceof z.ZodObject) return section(base, path, [inner], notes.expects);
  if (inner instanceof z.ZodUnion) {
    return section(
      base,
      path,
      inner.options.filter((option) => option instanceof z.ZodObject),
      notes.expects,
    );
  }
  if (inner instanceof z.ZodArray) {
    const element = walk(inner.element, [...path, "#"]);
    const [first] = element;
    if (first?.kind === "section") {
      const self: Field = { ...base, kind: "sections", expects: "a list of sections" };
      return path.length === 0 ? element : [self, ...element];
    }
    return [{ ...base, kind: "list", expects: `a list, each ${first?.expects ?? "text"}` }, ...element];
  }
  const [kind, expects] = leaf(inner);
  return [{ ...base, kind, expects: notes.expects ?? expects }];
}

function section(
  base: Omit<Field, "kind" | "expects">,
  path: readonly string[],
  shapes: readonly z.ZodObject[],
  expects: string | undefined,
): Field[] {
  const children = shapes.flatMap((shape) => Object.entries(shape.shape));
  const keys = [...new Set(children.map(([key]) => key))];
  const self: Field = { ...base, kind: "section", expects: expects ?? `a section with ${keys.join(", ")}`, keys };
  const known = new Set<string>();
  const below = children.flatMap(([key, child]) => {
    if (known.has(key)) return [];
    known.add(key);
    return walk(child, [...path, key]);
  });
  return [self, ...below];
}

/** Looks through optional, default and transformed schemas, and gathers what is said on the way. The outermost word wins. */
function unwrap(schema: z.core.$ZodType, notes: Notes): z.core.$ZodType {
  const said = note.parse(z.globalRegistry.get(schema) ?? {});
  if (notes.description === "") notes.description = said.description ?? "";
  if (notes.expects === undefined && said.expects !== undefined) notes.expects = said.expects;
  if (said.secret) notes.secret = "value";
  if (said.secretFile) notes.secret = "file";
  if (schema instanceof z.ZodOptional) {
    notes.required = false;
    return unwrap(schema.def.innerType, notes);
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    notes.required = false;
    if (schema instanceof z.ZodDefault) notes.default = JSON.stringify(schema.def.defaultValue);
    return unwrap(schema.def.innerType, notes);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in, notes);
  return schema;
}

function leaf(schema: z.core.$ZodType): [Field["kind"], string] {
  if (schema instanceof z.ZodEnum) return ["text", `one of ${schema.options.map((one) => `"${one}"`).join(", ")}`];
  if (schema instanceof z.ZodLiteral) {
    const [value] = schema.values;
    return [typeof value === "boolean" ? "boolean" : "text", JSON.stringify(value)];
  }
  if (schema instanceof z.ZodBoolean) return ["boolean", "true or false"];
  if (schema instanceof z.ZodNumber) {
    const { minValue, maxValue } = schema;
    if (schema.format === "safeint") return ["number", `a whole number from ${minValue} to ${maxValue}`];
    return ["number", "a number above 0"];
  }
  if (schema instanceof z.ZodURL) return ["text", "an address (URL)"];
  return ["text", "text"];
}

/** Every key of the configuration, sections before what they hold, in the schema's order. */
export const fields: readonly Field[] = walk(configSchema, []);

/** The field at a concrete path, where numbers are positions. */
export function fieldAt(path: readonly PropertyKey[]): Field | undefined {
  const wanted = path.map((part) => (typeof part === "number" ? "#" : String(part))).join(".");
  return fields.find((field) => field.path.join(".") === wanted);
}
