import type { CallToolResult, InputRequiredResult, McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { Tool } from "../tools/define.ts";
import { bringPerson } from "./bring-person.ts";
import { sayError } from "./errors.ts";
import type { House } from "./house.ts";
import { listTool } from "./listing.ts";
import { assertOffered, whyNotOffered } from "./offer.ts";
import { passing } from "./passing.ts";
import { progressTo } from "./progress.ts";

/**
 * Registers every tool, also those that are not offered here: a client that calls one by name is told why it can't.
 * Only the offered ones are listed.
 */
export function registerTools(mcp: McpServer, house: House): void {
  for (const tool of house.tools) {
    // The output schema is listed below; given here it would be converted for every connection before it is asked for.
    const inputSchema = passing(() => listTool(tool).inputSchema);
    mcp.registerTool(tool.name, { inputSchema }, (args, ctx) => call(tool, args, { mcp, ctx, house }));
  }
  const offered = house.tools.filter((tool) => whyNotOffered(tool, house.offering) === null);
  mcp.server.setRequestHandler("tools/list", () => ({ tools: offered.map(listTool) }));
}

async function call(
  tool: Tool,
  args: unknown,
  { mcp, ctx, house }: { mcp: McpServer; ctx: ServerContext; house: House },
): Promise<CallToolResult | InputRequiredResult> {
  try {
    assertOffered(tool, house.offering);
    const context = house.context({ signal: ctx.mcpReq.signal, progress: progressTo(ctx, house) });
    const first = await bringPerson(tool, args, { mcp, ctx, gate: context.gate, house });
    if (first) return first;
    const { structured, text } = house.render.answer(await tool.call(args, context));
    return { structuredContent: structured, content: [{ type: "text", text }] };
  } catch (error) {
    const text = house.render.problem(sayError(error, `${tool.name} failed`, house.log));
    return { isError: true, content: [{ type: "text", text }] };
  }
}
