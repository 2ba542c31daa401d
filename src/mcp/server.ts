import { McpServer, type McpServerFactory } from "@modelcontextprotocol/server";
import type { House } from "./house.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources } from "./resources.ts";
import { followChanges } from "./subscriptions.ts";
import { registerTools } from "./tools.ts";

/** One factory for both protocol eras: the same tools, resources and prompts, whoever asks. */
export function mcpServer(house: House): McpServerFactory {
  return ({ era, requestInfo }) => {
    // Over HTTP a modern server lives for one request; the transport itself tells its client of changes.
    const lasting = requestInfo === undefined;
    const server = new McpServer(
      { name: "home-steward", title: "Home Steward", version: house.version },
      {
        instructions: house.instructions,
        capabilities: {
          tools: { listChanged: false },
          prompts: { listChanged: false },
          resources: { listChanged: false, subscribe: true },
          completions: {},
        },
      },
    );
    registerTools(server, house);
    registerResources(server, house);
    registerPrompts(server, house);
    if (lasting) followChanges(server, house, era);
    return server;
  };
}
