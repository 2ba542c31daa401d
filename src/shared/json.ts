import { z } from "zod";

/** A value that JSON can carry. Plans, journals and audit records hold nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** The value as JSON would carry it: what is undefined is left out. Throws for what JSON has no word for. */
export const asJsonObject = (value: unknown): JsonObject => jsonObject.parse(JSON.parse(JSON.stringify(value)));
