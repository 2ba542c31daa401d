import { randomUUID } from "node:crypto";
import { type McpServerFactory, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";

/** More clients of one home than this are a mistake or an attack; the one unused longest gives way, and may start again. */
const mostSessions = 64;

/**
 * Serves 2025-era clients over HTTP, each in a session of its own: the SDK's handler serves them without, and then
 * nothing can be asked of a client and no changed resource be told.
 */
export function legacySessions(factory: McpServerFactory, most = mostSessions) {
  // In the order of their last use.
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  const begin = async (request: Request): Promise<Response> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
      onsessionclosed: (id) => {
        sessions.delete(id);
      },
    });
    // Without `requestInfo`: this server lasts as long as the session does.
    const server = await factory({ era: "legacy" });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await transport.close();
    for (const [id, oldest] of sessions) {
      if (sessions.size <= most) break;
      sessions.delete(id);
      await oldest.close();
    }
    return response;
  };

  return {
    async fetch(request: Request): Promise<Response> {
      const id = request.headers.get("mcp-session-id");
      if (id === null) return begin(request);
      const transport = sessions.get(id);
      // The protocol's word for "start again".
      if (!transport) return Response.json(ended, { status: 404 });
      sessions.delete(id);
      sessions.set(id, transport);
      return transport.handleRequest(request);
    },
    async close(): Promise<void> {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      sessions.clear();
    },
  };
}

const ended = { jsonrpc: "2.0", id: null, error: { code: -32_001, message: "This session has ended." } };
