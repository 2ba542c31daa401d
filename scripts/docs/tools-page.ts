import { z } from "zod";
import type { Tool } from "../../src/tools/define.ts";
import { code, row } from "./markdown.ts";

const schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return schema.optional();
  },
  get properties() {
    return z.record(z.string(), schema).optional();
  },
  get anyOf() {
    return z.array(schema).optional();
  },
});
type Schema = z.output<typeof schema>;

/** docs/tools.md: every tool with its arguments and what its answer holds, from the schemas it is checked with. */
export function toolsPage(tools: readonly Tool[]): string {
  return [
    "# Tools",
    "",
    "What Claude can call where everything is configured; a tool whose system isn't configured is not listed. Tools that plan a change",
    "only read: the change is made by `apply_plan`, after a person approved it ([safety](safety.md)).",
    "",
    "Any answer may also carry `cut_short` (what was cut to keep it small, and how to get it) and `demo` (nothing here is real).",
    "",
    row("Tool", "", "What it does"),
    row("---", "---", "---"),
    ...tools.map((tool) => row(`[${code(tool.name)}](#${tool.name})`, tool.title, kind(tool))),
    ...tools.flatMap(toolSection),
    "",
  ].join("\n");
}

function kind({ kind, risk }: Tool): string {
  if (kind === "applying") return "changes what a person approved";
  if (kind === "planning") return risk ? `plans a change (${risk})` : "shows and cancels plans";
  return "reads";
}

function toolSection({ name, title, description, input, output }: Tool): string[] {
  const takes = schema.parse(z.toJSONSchema(input, { io: "input" }));
  const given = Object.entries(takes.properties ?? {});
  return [
    "",
    `## ${name}`,
    "",
    `**${title}.** ${description}`,
    "",
    ...(given.length === 0
      ? ["It takes no arguments."]
      : [row("Argument", "Type", "", ""), row("---", "---", "---", "---")]),
    ...given.map(([key, value]) =>
      row(code(key), type(value), presence(takes.required?.includes(key), value), value.description ?? ""),
    ),
    "",
    `Answer: ${fields(schema.parse(z.toJSONSchema(output)))}.`,
  ];
}

function type(value: Schema): string {
  if (value.enum) return value.enum.map((one) => code(String(one))).join(", ");
  if (value.type === "array") return `list of ${value.items ? type(value.items) : "values"}`;
  const { minimum, maximum } = value;
  const range = minimum !== undefined && maximum !== undefined ? `, ${minimum} to ${maximum}` : "";
  return `${[value.type ?? "any"].flat().join(" or ")}${range}`;
}

function presence(required: boolean | undefined, { default: without }: Schema): string {
  if (without !== undefined) return `default ${code(JSON.stringify(without))}`;
  return required ? "required" : "optional";
}

/** "`a`, `b` (`c`, `d`)": names alone, for they say their units. */
function fields({ properties = {} }: Schema): string {
  return Object.entries(properties)
    .map(([key, value]) => {
      const inner = [value, value.items, ...(value.anyOf ?? [])].find((one) => one?.properties);
      return inner ? `${code(key)} (${fields(inner)})` : code(key);
    })
    .join(", ");
}
