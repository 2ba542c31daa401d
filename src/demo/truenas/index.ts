import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { WebSocketServer } from "ws";
import { fingerprintOf } from "../../systems/pins.ts";
import type { TrueNasConnection } from "../../systems/truenas/port.ts";
import type { Engine } from "../docker/engine.ts";
import { selfSigned } from "./certificate.ts";
import { type Faults, faultBoard } from "./faults.ts";
import { ddp, rpc } from "./framings.ts";
import { furnishNas } from "./home.ts";
import { type Key, Middleware } from "./middleware.ts";
import { atLeast, type Nas, type Release } from "./model.ts";
import { type Exchange, serve } from "./server.ts";

export interface TrueNasFakeOptions {
  release?: Release;
  key?: Partial<Key>;
  /** Between two quarters of a job; null: tests end them by hand. */
  job_ms?: number | null;
  now?: () => number;
  /** Where its apps' containers run. */
  engine?: Engine;
}

/** A simulated TrueNAS that listens. */
export interface TrueNasFake {
  connection: TrueNasConnection;
  faults: Faults;
  /** Its insides, for tests that look or turn; another release is an update. */
  nas: Nas;
  middleware: Middleware;
  /** Every call so far. */
  exchanges: Exchange[];
  /** Sockets that were opened so far. */
  sockets(): number;
  /** Ends every socket, as a cable that is pulled. */
  drop(): void;
  /** The middleware goes and comes back: sockets and jobs are gone, its web server answers 502 while it is `down`. */
  restart(): { up(): void };
  close(): Promise<void>;
}

/** Starts a simulated TrueNAS over TLS on loopback, with a certificate of its own that nobody vouches for. */
export async function startTrueNasFake(options: TrueNasFakeOptions = {}): Promise<TrueNasFake> {
  const { release = "25.10", job_ms = 1000, now = Date.now } = options;
  const key: Key = { username: "steward", apiKey: "1-demoKeyThatOpensNothingElse", ...options.key };
  const nas = furnishNas(release, now);
  nas.engine = options.engine ?? null;
  const middleware = new Middleware(nas, key, job_ms);
  const { faults, fault } = faultBoard();
  const exchanges: Exchange[] = [];
  const { cert, key: privateKey, der } = selfSigned("demo-nas");
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  let opened = 0;
  let down = false;

  const server = createServer({ cert, key: privateKey }, (request, response) => {
    if (down) response.writeHead(502).end("<html>502 Bad Gateway</html>");
    else page(nas.release, request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    const wire = down ? undefined : wireOf(nas.release, request.url ?? "");
    if (wire === undefined) {
      socket.end(`HTTP/1.1 ${down ? "502 Bad Gateway" : "404 Not Found"}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (visitor) => {
      opened += 1;
      serve(visitor, { middleware, wire, fault, exchanged: (exchange) => exchanges.push(exchange) });
    });
  });
  const port = await listening(server);
  const drop = () => {
    for (const visitor of sockets.clients) visitor.terminate();
  };
  return {
    connection: {
      url: `wss://127.0.0.1:${port}`,
      username: key.username,
      apiKey: key.apiKey,
      fingerprint: fingerprintOf(der),
    },
    faults,
    nas,
    middleware,
    exchanges,
    sockets: () => opened,
    drop,
    restart() {
      down = true;
      middleware.jobs.forget();
      drop();
      return {
        up() {
          down = false;
        },
      };
    },
    async close() {
      drop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A release of the middleware lists its API versions from 25.04 on; older ones send everybody to their web pages. */
function page(release: Release, request: IncomingMessage, response: ServerResponse): void {
  if (request.url === "/api/versions" && atLeast(release, "25.04"))
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify([`v${release}.0`]));
  else response.writeHead(302, { location: "/ui/" }).end();
}

function wireOf(release: Release, path: string) {
  if (path === "/websocket") return ddp(atLeast(release, "24.10"));
  return path === "/api/current" && atLeast(release, "25.04") ? rpc : undefined;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
