import { McpServer, type McpServerFactory } from "@modelcontextprotocol/server";
import { serveCompletions } from "./completions.ts";
import type { House } from "./house.ts";
import { servePrompts } from "./prompts.ts";
import { serveResources } from "./resources.ts";
import { followChanges } from "./subscriptions.ts";
import { serveTools } from "./tools.ts";

/**
 * One factory for both protocol eras: the same tools, resources and prompts, whoever asks. They are answered by handlers
 * of our own rather than registered one by one with the SDK, so that nothing of them is loaded before it is asked for.
 */
export function mcpServer(house: House): McpServerFactory {
  return ({ era, requestInfo }) => {
    // Over HTTP a modern server lives for one request; the transport itself tells its clients of changes.
    const lasting = requestInfo === undefined;
    const mcp = new McpServer(
      { name: "home-steward", title: "Home Steward", version: house.version },
      {
        instructions: house.instructions,
        capabilities: {
          tools: { listChanged: false },
          prompts: { listChanged: false },
          resources: { listChanged: false, subscribe: lasting || era === "modern" },
          completions: {},
        },
      },
    );
    serveTools(mcp.server, house);
    serveResources(mcp.server, house, era);
    servePrompts(mcp.server, house);
    serveCompletions(mcp.server, house);
    if (lasting) followChanges(mcp.server, house, era);
    return mcp;
  };
}
