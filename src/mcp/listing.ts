import type { Tool as ListedTool } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Tool } from "../tools/define.ts";
import { annotationsOf, metaOf } from "./annotations.ts";

/** What the renderer may add to any answer. */
const added = { demo: z.boolean().optional(), cut_short: z.string().optional() };

const known = new WeakMap<Tool, ListedTool>();

/** A tool as tools/list gives it. Converted once a process: an HTTP server is made anew for every request. */
export function listTool(tool: Tool): ListedTool {
  const before = known.get(tool);
  if (before) return before;
  const meta = metaOf(tool);
  const listed: ListedTool = {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: { ...schemaOf(tool.input, "input"), type: "object" },
    outputSchema: { ...schemaOf(tool.output.extend(added), "output"), type: "object" },
    annotations: annotationsOf(tool),
    ...(meta ? { _meta: meta } : {}),
  };
  known.set(tool, listed);
  return listed;
}

/**
 * JSON Schema as a list shows it: short, for every client pays for all of it. Left out is what every reader assumes; what
 * only checks a text (each tool checks its own arguments, in its own words); and what is inside the parts of an answer,
 * whose field names say it (docs/tools.md has it whole).
 */
function schemaOf(schema: z.ZodObject, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    override({ jsonSchema, path }) {
      const left = io === "input" ? onlyChecks : path.length > 0 ? inside : [];
      for (const key of left) delete jsonSchema[key];
    },
  });
  return rest;
}

const onlyChecks = ["pattern", "minLength", "maxLength"] as const;
const inside = ["properties", "required", "additionalProperties"] as const;
