import { existsSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { z } from "zod";
import type { PortainerExchange } from "../../../src/demo/docker/portainer.ts";

const specification = new URL(
  "../../../../shared/contracts/media/specs/portainer-ee-2.44.0.patched.openapi.yaml",
  import.meta.url,
);
const content = z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })).optional() });
const operation = z.object({
  requestBody: content.optional(),
  responses: z.record(z.string(), content),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional() })).default([]),
});
const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Checks what the fake was asked and answered against Portainer's own OpenAPI; null where that is not here. */
export function portainerContract(): ((exchange: PortainerExchange) => string[]) | null {
  if (!existsSync(specification)) return null;
  const whole = document.parse(parse(readFileSync(specification, "utf8")));
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(whole, "portainer");
  const fits = (what: string, schema: unknown, value: unknown): string[] => {
    const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"portainer#/'));
    const validate = ajv.compile(local);
    return validate(value) ? [] : [`${what}: ${ajv.errorsText(validate.errors)}`];
  };
  /** Their schemas allow any field: one that they don't name would be forgotten by Portainer without a word. */
  const named = (what: string, schema: unknown, value: object): string[] => {
    const reference = z.object({ $ref: z.string() }).parse(schema).$ref.split("/").at(-1) ?? "";
    const schemas = z.looseObject({ components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }) });
    const { properties } = z
      .looseObject({ properties: z.record(z.string(), z.unknown()) })
      .parse(schemas.parse(whole).components.schemas[reference]);
    return Object.keys(value).flatMap((key) => (key in properties ? [] : [`${what} has no ${key}`]));
  };

  return ({ method, path, sent, answer }) => {
    const { pathname, searchParams } = new URL(path, "http://portainer");
    const pattern = pathname.replace(/\/\d+/, "/{id}");
    const declared = operation.optional().parse(whole.paths[pattern]?.[method.toLowerCase()]);
    if (declared === undefined) return [`${method} ${pattern} is not of Portainer`];
    const what = `${method} ${pattern}`;
    const missing = declared.parameters
      .filter((one) => one.in === "query" && one.required === true && !searchParams.has(one.name))
      .map(({ name }) => `${what} wants ${name}`);
    const body = Object.values(declared.requestBody?.content ?? {})[0]?.schema;
    const asked =
      body === undefined
        ? []
        : [...fits(`${what} is asked`, body, JSON.parse(sent)), ...named(what, body, JSON.parse(sent))];
    const response = declared.responses[String(answer.status)];
    if (response === undefined) return [...missing, ...asked, `${what} does not answer ${answer.status}`];
    const shape = Object.values(response.content ?? {})[0]?.schema;
    return [...missing, ...asked, ...(shape === undefined ? [] : fits(`${what} answers`, shape, answer.body))];
  };
}
