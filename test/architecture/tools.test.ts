import { globSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tool as ListedTool } from "@modelcontextprotocol/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { listTool } from "../../src/mcp/listing.ts";
import { readingTool, type Tool } from "../../src/tools/define.ts";
import { tools } from "../../src/tools/registry.ts";

/** The whole roadmap's 45 tools may cost a model 6,000 tokens, and tools/list 16,000. */
const perTool = { most: 160, average: 130, listed: 16_000 / 45 };

/** bytes / 4 */
const tokens = (value: unknown) => Buffer.byteLength(JSON.stringify(value)) / 4;
const seen = ({ name, description, inputSchema }: ListedTool) => tokens({ name, description, inputSchema });
const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const plain = z.enum(["string", "number", "integer", "boolean"]);
const single = z.strictObject({
  type: plain,
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
});
const list = z.strictObject({
  type: z.literal("array"),
  description: z.string().optional(),
  items: single,
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  default: z.array(z.union([z.string(), z.number()])).optional(),
});
/** What every client understands: no anyOf, no null, no nesting. Some drop a tool that has them, or its schema. */
const flat = z.strictObject({
  type: z.literal("object"),
  properties: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.union([single, list])),
  required: z.array(z.string()).optional(),
  additionalProperties: z.literal(false),
});

const sample = readingTool({
  name: "get_sample",
  title: "Sample",
  description: "Answers a sample, so that the rules have something that keeps to all of them.",
  toolset: "core",
  needs: [],
  input: z.strictObject({ host: z.string().optional().describe("Host name") }),
  output: z.object({ at: z.string() }),
  read: async () => ({ at: "now" }),
  say: ({ at }) => at,
});
const takes = (shape: z.ZodRawShape): Partial<Tool> => ({ input: z.strictObject(shape) });

/** Each rule: whether a tool keeps to it, and changes to the sample that break it. */
const rules: Record<string, { keeps(tool: Tool): boolean; breaches: Partial<Tool>[] }> = {
  "a snake_case name": {
    keeps: ({ name }) => /^[a-z]+(_[a-z0-9]+)+$/.test(name) && name.length <= 64,
    breaches: [{ name: "getSample" }, { name: "sample" }],
  },
  "a short title": {
    keeps: ({ title }) => /^[A-Z].{2,49}$/.test(title),
    breaches: [{ title: "" }, { title: "A".repeat(51) }],
  },
  "a description of a sentence or more, under 1,024 characters": {
    keeps: ({ description }) => description.length >= 40 && description.length < 1_024 && /[.)]$/.test(description),
    breaches: [{ description: "Samples." }, { description: `${"a".repeat(1_023)}.` }],
  },
  "a flat, strict input schema": {
    keeps: (tool) => flat.safeParse(listTool(tool).inputSchema).success,
    breaches: [
      takes({ a: z.union([z.string(), z.number()]).describe("a") }),
      takes({ a: z.string().nullable().describe("a") }),
      takes({ a: z.string().nullable().default(null).describe("a") }),
      takes({ a: z.object({ b: z.string() }).describe("a") }),
      takes({ a: z.discriminatedUnion("k", [z.object({ k: z.literal("x") }), z.object({ k: z.literal("y") })]) }),
      { input: z.object({ a: z.string().describe("a") }).loose() },
    ],
  },
  "an output schema": {
    keeps: (tool) => {
      const { type, properties } = listTool(tool).outputSchema ?? {};
      return type === "object" && Object.keys(properties ?? {}).some((key) => key !== "demo" && key !== "cut_short");
    },
    breaches: [{ output: z.object({}) }],
  },
  // The renderer adds these two to any answer; a tool's own would be listed with the wrong type.
  "no field of its own called demo or cut_short": {
    keeps: ({ output }) => !("demo" in output.shape) && !("cut_short" in output.shape),
    breaches: [{ output: z.object({ cut_short: z.number() }) }],
  },
  "at most 160 tokens for a model": {
    keeps: (tool) => seen(listTool(tool)) <= perTool.most,
    breaches: [{ description: `${"a".repeat(1_000)}.` }],
  },
  "a plan that says its risk and how it runs": {
    keeps: ({ kind, toolset, risk, actions }) =>
      (kind === "planning" && toolset !== "core") === (actions !== undefined && risk !== undefined),
    breaches: [{ kind: "planning", toolset: "docker" }],
  },
};

describe.each(Object.entries(rules))("every tool has %s", (_, { keeps, breaches }) => {
  test("a planted breach goes red", () => {
    expect(keeps(sample)).toBe(true);
    for (const breach of breaches) expect(keeps({ ...sample, ...breach })).toBe(false);
  });

  test("all tools keep to it", () => {
    expect(tools.filter((tool) => !keeps(tool)).map((tool) => tool.name)).toEqual([]);
  });
});

test("annotations follow from the kind: only apply_plan is destructive, and asks for a person", () => {
  for (const tool of tools) {
    const { annotations, _meta } = listTool(tool);
    expect([tool.name, annotations]).toEqual([
      tool.name,
      {
        title: tool.title,
        readOnlyHint: tool.kind === "reading",
        destructiveHint: tool.name === "apply_plan",
        idempotentHint: tool.kind === "reading",
        openWorldHint: false,
      },
    ]);
    expect(_meta?.["anthropic/requiresUserInteraction"] === true).toBe(tool.name === "apply_plan");
  }
});

test("every tool's file has its name, and every tool file is registered", async () => {
  const folder = fileURLToPath(new URL("../../src/tools/", import.meta.url));
  const files = globSync("*/*.ts", { cwd: folder });
  const isTool = z.object({ name: z.string(), toolset: z.string(), kind: z.string(), call: z.function() });
  const found = await Promise.all(
    files.map(async (file) => {
      const exported: Record<string, unknown> = await import(new URL(`../../src/tools/${file}`, import.meta.url).href);
      return Object.values(exported).flatMap((value) => {
        const { success, data } = isTool.safeParse(value);
        return success ? [{ name: data.name, file: basename(file, ".ts") }] : [];
      });
    }),
  );
  const inFiles = found.flat();
  expect(inFiles.filter(({ name, file }) => name.replaceAll("_", "-") !== file)).toEqual([]);
  expect(inFiles.map(({ name }) => name).toSorted()).toEqual(tools.map(({ name }) => name).toSorted());
});

test("the order is the one clients have seen", () => {
  expect(tools.map(({ name }) => name)).toEqual([
    "get_overview",
    "list_containers",
    "get_container_logs",
    "get_container_bandwidth",
    "control_container",
    "update_container",
    "enforce_quotas",
    "limit_bandwidth",
    "audit_exposure",
    "audit_permissions",
    "fix_permissions",
    "get_automations",
    "set_automation",
    "get_storage",
    "get_disks",
    "predict_disk_failure",
    "acknowledge_disk",
    "manage_snapshots",
    "run_scrub",
    "run_disk_test",
    "replace_disk",
    "get_plan",
    "apply_plan",
  ]);
});

test("all together leave room for the whole roadmap", () => {
  const listed = tools.map(listTool);
  expect(average(listed.map(seen))).toBeLessThanOrEqual(perTool.average);
  expect(average(listed.map(tokens))).toBeLessThanOrEqual(perTool.listed);
});

test.each(tools.map((tool) => [tool.name, tool] as const))("%s is listed as its snapshot says", async (name, tool) => {
  const text = `${JSON.stringify(listTool(tool), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../tools/snapshots/${name}.json`);
});
