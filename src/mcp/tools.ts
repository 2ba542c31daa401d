import {
  type CallToolResult,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Tool } from "../tools/define.ts";
import { bringPerson } from "./bring-person.ts";
import { sayError } from "./errors.ts";
import type { House } from "./house.ts";
import { listTool } from "./listing.ts";
import { assertOffered, whyNotOffered } from "./offer.ts";
import { progressTo } from "./progress.ts";

/** Lists what is offered and calls it; a client that calls something else by name is told why it can't. */
export function serveTools(server: Server, house: House): void {
  server.setRequestHandler("tools/list", async () => {
    const { tools } = await house.rooms();
    return { tools: tools.filter((tool) => whyNotOffered(tool, house.offering) === null).map(listTool) };
  });
  server.setRequestHandler("tools/call", async ({ params }, ctx) => {
    const { tools } = await house.rooms();
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no tool of that name.");
    return call(tool, params.arguments ?? {}, { server, ctx, house });
  });
}

async function call(
  tool: Tool,
  args: unknown,
  { server, ctx, house }: { server: Server; ctx: ServerContext; house: House },
): Promise<CallToolResult | InputRequiredResult> {
  try {
    assertOffered(tool, house.offering);
    const { context: contextOf } = await house.rooms();
    const context = contextOf({ signal: ctx.mcpReq.signal, progress: progressTo(ctx, house) });
    const first = await bringPerson(tool, args, { server, ctx, gate: context.gate, house });
    if (first) return first;
    const { structured, text } = house.render.answer(await tool.call(args, context));
    return { structuredContent: structured, content: [{ type: "text", text }] };
  } catch (error) {
    // The SDK sends no answer to a call that was cancelled, and there is nothing to report.
    if (ctx.mcpReq.signal.aborted) throw error;
    const text = house.render.problem(sayError(error, `${tool.name} failed`, house.log));
    return { isError: true, content: [{ type: "text", text }] };
  }
}
