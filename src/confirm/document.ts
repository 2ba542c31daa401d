import { z } from "zod";
import type { Json, JsonObject } from "../shared/json.ts";

const json: z.ZodType<Json> = z.json();
const object: z.ZodType<JsonObject> = z.record(z.string(), json);

// Names reach an approval's heading: letters, digits and a little punctuation, so nothing in them can be read as
// anything but a name. Text from outside that does not fit is no name.
const name = z.string().regex(/^[A-Za-z0-9/][A-Za-z0-9 ._:@/+-]{0,127}$/);
const title = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._:@/+,()-]{0,159}$/);
const word = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);
const target = z.strictObject({ kind: word, host: name, name, identity: object });
const whole = z.int().min(0);

/** A standing approval's terms. `schema_hash` is of the input of the tool whose plans it lets run. */
const grant = z.strictObject({
  action: word,
  says: title,
  tool: word,
  schema_hash: z.string(),
  steps: z.array(z.string()).min(1).readonly(),
  risk: z.enum(["reversible", "disruptive"]),
  targets: z
    .array(z.strictObject({ kind: word, host: name, name: z.union([name, z.literal("*")]) }))
    .min(1)
    .max(100)
    .readonly(),
  settings: object,
  limits: z.strictObject({ max_per_day: z.int().min(1), pause_s: whole, stop_after: z.int().min(1) }),
  until: z.iso.datetime(),
  emergency: z.boolean(),
  drill: z.boolean(),
});

/** What a plan is: these are the bytes a person approves and the gate runs. Times are ISO 8601. */
export const planDocument = z.strictObject({
  version: z.literal(1),
  plan_id: z.string(),
  nonce: z.string(),
  tool: word,
  schema_hash: z.string(),
  input: json,
  title,
  risk: z.enum(["reversible", "disruptive", "destructive"]),
  units: z
    .array(
      z.strictObject({
        target,
        basis: json,
        changes: z.array(z.string()).readonly(),
        steps: z
          .array(z.strictObject({ step: z.string(), args: object, does: z.string(), undo: z.string() }))
          .min(1)
          .readonly(),
        safeguard: z
          .union([z.strictObject({ step: whole, on: target }), z.strictObject({ none: z.string() })])
          .optional(),
      }),
    )
    .min(1)
    .readonly(),
  warnings: z.array(z.string()).readonly(),
  undo: z.string(),
  blast: z.strictObject({ containers: whole, files: whole, bytes: whole }),
  created_at: z.iso.datetime(),
  approve_by: z.iso.datetime(),
  apply_within_s: whole,
  grant: grant.optional(),
  /** Of a use: the plan that holds the standing approval it runs under. */
  under: z.string().optional(),
});

export type GrantTerms = z.output<typeof grant>;
export type PlanDocument = z.output<typeof planDocument>;
