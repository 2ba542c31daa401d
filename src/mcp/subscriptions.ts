import type { McpRequestContext, Server } from "@modelcontextprotocol/server";
import type { House } from "./house.ts";

/**
 * Tells a lasting connection of changed resources. A 2025-era client subscribes by resource, and that list is kept
 * here; for a modern one the SDK filters by what the client listens to.
 */
export function followChanges(server: Server, house: House, era: McpRequestContext["era"]): void {
  /** How to let go of each. */
  const subscribed = new Map<string, () => void>();
  if (era === "legacy") {
    server.setRequestHandler("resources/subscribe", ({ params }) => {
      if (!subscribed.has(params.uri)) subscribed.set(params.uri, house.followResource(params.uri));
      return {};
    });
    server.setRequestHandler("resources/unsubscribe", ({ params }) => {
      subscribed.get(params.uri)?.();
      subscribed.delete(params.uri);
      return {};
    });
  }
  const stop = house.onResourceChange((uri) => {
    if (era === "legacy" && !subscribed.has(uri)) return;
    server.sendResourceUpdated({ uri }).catch((error: unknown) => house.log.debug(`resource update: ${String(error)}`));
  });
  const before = server.onclose;
  server.onclose = () => {
    stop();
    for (const letGo of subscribed.values()) letGo();
    before?.();
  };
}
