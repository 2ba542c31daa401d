import type { Readable, Writable } from "node:stream";
import type { McpServerFactory } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";

/** MCP over stdin and stdout, both protocol eras. Resolves when the client hung up or the signal aborts. */
export async function serveStreams(
  factory: McpServerFactory,
  streams: { stdin: Readable; stdout: Writable; signal: AbortSignal; onError(error: Error): void },
): Promise<void> {
  const { stdin, stdout, signal, onError } = streams;
  const handle = serveStdio(factory, { transport: new StdioServerTransport(stdin, stdout), onerror: onError });
  await new Promise<void>((resolve) => {
    stdin.once("end", resolve);
    stdin.once("close", resolve);
    stdout.once("error", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await handle.close();
}
