import type { ServerContext } from "@modelcontextprotocol/server";
import type { House } from "./house.ts";

/** Passes progress on to a client that asked for it. The protocol wants every number to be above the last. */
export function progressTo(
  ctx: { mcpReq: Pick<ServerContext["mcpReq"], "_meta" | "notify"> },
  house: Pick<House, "render" | "log">,
): (done: number, total: number, message: string) => void {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = -1;
  return (done, total, message) => {
    // Thousandths, for a pull notes hundreds of times within one step; rounded, or sums end in …000000022.
    last = Math.max(done, Math.round((last + 0.001) * 1000) / 1000);
    const said = message === "" ? {} : { message: house.render.text(message) };
    const params = { progressToken, progress: last, total: Math.max(total, last), ...said };
    ctx.mcpReq
      .notify({ method: "notifications/progress", params })
      .catch((error: unknown) => house.log.debug(`progress was not sent: ${String(error)}`));
  };
}
