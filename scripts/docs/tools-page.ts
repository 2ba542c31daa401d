import { z } from "zod";
import { code, row } from "./markdown.ts";

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.looseObject({ type: z.string().optional(), enum: z.array(z.unknown()).optional() }).optional(),
});
const objectSchema = z.looseObject({
  properties: z.record(z.string(), property).default({}),
  required: z.array(z.string()).default([]),
});

/** A tool as tools/list gives it. */
export const listedTool = z.looseObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  inputSchema: objectSchema,
  outputSchema: objectSchema,
  annotations: z.object({
    readOnlyHint: z.boolean(),
    destructiveHint: z.boolean(),
    idempotentHint: z.boolean(),
    openWorldHint: z.boolean(),
  }),
});
export type ListedTool = z.output<typeof listedTool>;
type Property = z.output<typeof property>;

const inEveryAnswer = new Set(["left_out", "demo"]);

/** docs/tools.md: every tool with its arguments and what its answer holds, from what the server itself lists. */
export function toolsPage(tools: readonly ListedTool[]): string {
  return [
    "# Tools",
    "",
    "What Claude can call where everything is configured; a tool whose system isn't configured is not listed. Tools that plan a change",
    "only read: the change is made by `apply_plan`, after a person approved it ([safety](safety.md)).",
    "",
    "Any answer may also carry `left_out` (what was cut to keep it small, and how to get it) and `demo` (nothing here is real).",
    "",
    row("Tool", "", "Changes something"),
    row("---", "---", "---"),
    ...tools.map(({ name, title, annotations }) =>
      row(`[${code(name)}](#${name})`, title, annotations.destructiveHint ? "what a person approved" : "no"),
    ),
    ...tools.flatMap(toolSection),
    "",
  ].join("\n");
}

function toolSection({ name, title, description, inputSchema, outputSchema }: ListedTool): string[] {
  const given = Object.entries(inputSchema.properties);
  return [
    "",
    `## ${name}`,
    "",
    `**${title}.** ${description}`,
    "",
    ...(given.length === 0
      ? ["It takes no arguments."]
      : [
          row("Argument", "Type", "", "What it is for"),
          row("---", "---", "---", "---"),
          ...given.map(([key, value]) =>
            row(code(key), type(value), presence(inputSchema.required.includes(key), value), value.description ?? ""),
          ),
        ]),
    "",
    `Answer: ${Object.keys(outputSchema.properties)
      .filter((key) => !inEveryAnswer.has(key))
      .map(code)
      .join(", ")}.`,
  ];
}

function type(value: Property): string {
  if (value.enum) return value.enum.map((one) => code(String(one))).join(", ");
  if (value.type === "array") return `list of ${value.items ? type(value.items) : "values"}`;
  const range = [
    value.minimum === undefined ? "" : `${value.minimum}`,
    value.maximum === undefined ? "" : `${value.maximum}`,
  ];
  const bounded = range[0] !== "" && range[1] !== "" ? `, ${range.join(" to ")}` : "";
  return `${[value.type ?? "any"].flat().join(" or ")}${bounded}`;
}

function presence(required: boolean, { default: without }: Property): string {
  if (without !== undefined) return `default ${code(JSON.stringify(without))}`;
  return required ? "required" : "optional";
}
