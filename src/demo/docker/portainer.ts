import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { DockerConnection } from "../../systems/docker/port.ts";

export interface PortainerFake {
  connection: Extract<DockerConnection, { kind: "portainer" }>;
  close(): Promise<void>;
}

interface Portainer {
  apiKey?: string;
  endpoint?: number;
  /** Speaks https with this; plain http on loopback without. */
  tls?: { cert: string; key: string };
}

/** A thin Portainer in front of a simulated engine: checks the key, answers its status, passes Docker's calls on. */
export async function startPortainerFake(
  engine: { connection: DockerConnection },
  { apiKey = "ptr_demo_not_a_key", endpoint = 3, tls }: Portainer = {},
): Promise<PortainerFake> {
  const { connection } = engine;
  if (connection.kind !== "socket")
    throw new Error("The simulated Portainer stands in front of an engine on a socket.");
  const prefix = `/api/endpoints/${endpoint}/docker`;
  const listener = (asked: IncomingMessage, response: ServerResponse) => {
    const { url = "/" } = asked;
    if (url === "/api/status") return say(response, 200, { Version: "2.21.5", InstanceID: "demo" });
    if (asked.headers["x-api-key"] !== apiKey)
      return say(response, 401, { message: "A valid authorisation token is missing", details: "Unauthorized" });
    if (url.startsWith(`${prefix}/`)) return pass(asked, response, connection.path, url.slice(prefix.length));
    return say(response, 404, {
      message: "Unable to find an environment",
      details: "object not found inside the database",
    });
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    connection: { kind: "portainer", url: `http${tls ? "s" : ""}://127.0.0.1:${port}`, apiKey, endpoint },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function pass(asked: IncomingMessage, response: ServerResponse, socketPath: string, path: string): void {
  const { method, headers } = asked;
  const { "x-api-key": _, ...rest } = headers;
  // Portainer goes by the engine's own version, whatever the client asked for.
  const onward = request({ socketPath, method, path: path.replace(/^\/v\d+\.\d+/, ""), headers: rest }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => {
    if (response.headersSent) response.destroy();
    else say(response, 502, { message: "Unable to proxy the request", details: "the environment does not answer" });
  });
  response.on("close", () => onward.destroy());
  asked.pipe(onward);
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
