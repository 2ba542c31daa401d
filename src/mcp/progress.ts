import type { ServerContext } from "@modelcontextprotocol/server";
import type { House } from "./house.ts";

/** Passes progress on to a client that asked for it. The protocol wants every number to be above the last. */
export function progressTo(ctx: ServerContext, house: House): (done: number, total: number, message: string) => void {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = -1;
  return (done, total, message) => {
    last = Math.max(done, last + 0.001);
    const params = { progressToken, progress: last, total: Math.max(total, last), message: house.render.text(message) };
    ctx.mcpReq
      .notify({ method: "notifications/progress", params })
      .catch((error: unknown) => house.log.debug(`progress was not sent: ${String(error)}`));
  };
}
