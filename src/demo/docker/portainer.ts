import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { DockerConnection } from "../../systems/docker/port.ts";
import type { Engine } from "./engine.ts";
import { type Faults, faultBoard } from "./faults.ts";
import { type Answer, type Stack, stacksAnswer } from "./portainer-stacks.ts";

export interface PortainerFake {
  connection: Extract<DockerConnection, { kind: "portainer" }>;
  /** For what is asked about stacks, paths without /api. */
  faults: Faults;
  stacks: Stack[];
  /**
   * `lose_answer`: what is asked to be changed next is done, and nobody hears of it. `answers_early`: it is answered while the
   * stack is still being deployed, which then goes on until a test ends it.
   */
  knobs: { lose_answer: boolean; answers_early: boolean };
  /** Every question about stacks so far, and its answer. */
  exchanges: PortainerExchange[];
  close(): Promise<void>;
}

export interface PortainerExchange {
  method: string;
  /** Without /api, with its query. */
  path: string;
  sent: string;
  answer: Answer;
}

interface Portainer {
  apiKey?: string;
  endpoint?: number;
  /** Speaks https with this; plain http on loopback without. */
  tls?: { cert: string; key: string };
}

/** A thin Portainer in front of a simulated engine: checks the key, answers its status, keeps stacks, passes Docker's calls on. */
export async function startPortainerFake(
  engine: { connection: DockerConnection; engine?: Engine },
  { apiKey = "ptr_demo_not_a_key", endpoint = 3, tls }: Portainer = {},
): Promise<PortainerFake> {
  const { connection } = engine;
  if (connection.kind !== "socket")
    throw new Error("The simulated Portainer stands in front of an engine on a socket.");
  const { faults, misbehave } = faultBoard();
  const stacks: Stack[] = [];
  const knobs = { lose_answer: false, answers_early: false };
  const exchanges: PortainerExchange[] = [];
  const ofStacks = async (asked: IncomingMessage, response: ServerResponse, docker: Engine) => {
    const [method = "GET", path] = [asked.method, (asked.url ?? "").slice("/api".length)];
    const sent = await textOf(asked);
    if (await misbehave(path, asked, response)) return;
    const url = new URL(asked.url ?? "/", "http://portainer");
    const answer = stacksAnswer({ engine: docker, stacks, endpoint }, method, url, sent);
    exchanges.push({ method, path, sent, answer });
    if (knobs.answers_early && method === "PUT") for (const stack of stacks) stack.status = 3;
    const lost = knobs.lose_answer && method !== "GET";
    if (lost) knobs.lose_answer = false;
    if (lost) asked.socket.destroy();
    else say(response, answer.status, answer.body);
  };
  const prefix = `/api/endpoints/${endpoint}/docker`;
  const listener = (asked: IncomingMessage, response: ServerResponse) => {
    const { url = "/" } = asked;
    if (url === "/api/status") return say(response, 200, { Version: "2.21.5", InstanceID: "demo" });
    if (asked.headers["x-api-key"] !== apiKey)
      return say(response, 401, { message: "A valid authorisation token is missing", details: "Unauthorized" });
    if (url.startsWith("/api/stacks") && engine.engine)
      // A file that it can't read is no reason for the whole demo to end.
      return void ofStacks(asked, response, engine.engine).catch(() =>
        say(response, 500, { message: "failed to deploy a stack", details: "the fake can't read what was sent" }),
      );
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
    faults,
    stacks,
    knobs,
    exchanges,
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

async function textOf(asked: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of asked) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
