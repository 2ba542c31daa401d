import type { Prompt } from "../prompts/define.ts";
import type { Resource } from "../resources/define.ts";
import type { Log } from "../shared/log.ts";
import type { Tool, ToolContext } from "../tools/define.ts";
import type { Offering } from "./offer.ts";
import type { Render } from "./render.ts";

/**
 * Everything the MCP edge serves, put together by steward.ts. One house, however many clients. What a client is told at
 * its start is here at once; the rest is loaded when it is first asked for, for a client waits about three seconds for
 * the first answer and takes us for an older server after that.
 */
export interface House {
  version: string;
  instructions: string;
  offering: Offering;
  render: Render;
  log: Log;
  rooms(): Promise<Rooms>;
  /** Somebody subscribed to a resource, and wants to hear of its changes. Answers how to let go. */
  followResource(uri: string): () => void;
  /** Somebody read it, and may listen for its changes. */
  resourceWasRead(uri: string): void;
  /** Calls back with the URIs of resources that changed, whichever process changed them. Answers how to stop. */
  onResourceChange(listener: (uri: string) => void): () => void;
}

/** What is behind the door. Lists are in the order in which they are shown; `offering` decides which of it is. */
export interface Rooms {
  tools: readonly Tool[];
  resources: readonly Resource[];
  prompts: readonly Prompt[];
  /** What one call gets. */
  context(call: Pick<ToolContext, "signal" | "progress">): ToolContext;
}
