import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, isLegacyRequest, type McpServerFactory } from "@modelcontextprotocol/server";
import { type Door, openDoor, type Room } from "./door.ts";
import { legacySessions } from "./sessions.ts";

export interface HttpOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** What a client shows as its bearer token. */
  token: string;
  /** What else lives on this port: the approval page. */
  rooms: readonly Room[];
  /** Calls back with the URIs of resources that changed. Answers how to stop. */
  onResourceChange(listener: (uri: string) => void): () => void;
  onError(error: unknown): void;
}

export const mcpPath = "/mcp";

/** MCP over Streamable HTTP at `/mcp`, both protocol eras, and the other rooms beside it. */
export async function serveHttp(factory: McpServerFactory, options: HttpOptions): Promise<Door> {
  const modern = createMcpHandler(factory, { legacy: "reject", onerror: options.onError });
  const legacy = legacySessions(factory);
  const fetch = async (request: Request) => ((await isLegacyRequest(request)) ? legacy : modern).fetch(request);
  const stop = options.onResourceChange((uri) => modern.notify.resourceUpdated(uri));
  const door = await openDoor({
    ...options,
    rooms: [mcpRoom(toNodeHandler({ fetch }, { onerror: options.onError }), options.token), ...options.rooms],
  });
  return {
    ...door,
    async close() {
      stop();
      await Promise.all([modern.close(), legacy.close()]);
      await door.close();
    },
  };
}

function mcpRoom(answer: ReturnType<typeof toNodeHandler>, token: string): Room {
  const hostIsOurs = localhostHostValidation();
  const originIsOurs = localhostOriginValidation();
  return async (req, res) => {
    if (req.url?.split("?", 1)[0] !== mcpPath) return false;
    // Each of them has answered when it says no.
    if (!hostIsOurs(req, res) || !originIsOurs(req, res) || !hasToken(req, res, token)) return true;
    const { method = "GET", url = mcpPath, headers } = req;
    await answer({ method, url, headers, [Symbol.asyncIterator]: () => req[Symbol.asyncIterator]() }, res);
    return true;
  };
}

function hasToken(req: IncomingMessage, res: ServerResponse, token: string): boolean {
  const [, shown = ""] = /^bearer +(\S+)$/i.exec(req.headers.authorization ?? "") ?? [];
  // Digests have one length, so that the comparison tells nothing of the token's.
  if (timingSafeEqual(digest(shown), digest(token))) return true;
  res.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"', "content-type": "text/plain" });
  res.end("Show this installation's bearer token; home-steward prints it where it is started.\n");
  return false;
}

const digest = (text: string) => createHash("sha256").update(text).digest();
