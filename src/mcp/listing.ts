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

/** JSON Schema without what every reader assumes anyway. */
function schemaOf(schema: z.ZodObject, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  return rest;
}
