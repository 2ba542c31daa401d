import type { Prompt } from "../prompts/define.ts";
import type { Resource } from "../resources/define.ts";
import type { Log } from "../shared/log.ts";
import type { Tool, ToolContext } from "../tools/define.ts";
import type { Offering } from "./offer.ts";
import type { Render } from "./render.ts";

/** Everything the MCP edge serves, put together by steward.ts. One house, however many clients. */
export interface House {
  version: string;
  /** All there are; `offering` decides which are listed. In the order in which they are listed. */
  tools: readonly Tool[];
  resources: readonly Resource[];
  prompts: readonly Prompt[];
  offering: Offering;
  instructions: string;
  /** What one call gets. */
  context(call: Pick<ToolContext, "signal" | "progress">): ToolContext;
  render: Render;
  log: Log;
  /** Calls back with the URIs of resources that changed, whichever process changed them. Answers how to stop. */
  onResourceChange(listener: (uri: string) => void): () => void;
}
