import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DockerConnection } from "../../systems/docker/port.ts";
import { Engine } from "./engine.ts";
import { type Faults, faultBoard } from "./faults.ts";
import { furnish } from "./home.ts";
import type { Face, Knobs } from "./routes.ts";
import { type Asked, engineListener } from "./server.ts";

export interface DockerFakeOptions {
  /** The place to listen at: a socket of its own (a named pipe on Windows), TCP on loopback, or TLS there. */
  listen?: "socket" | "tcp" | { cert: string; key: string; ca: string };
  face?: Partial<Face>;
  /** An empty engine instead of the demo home. */
  empty?: boolean;
  /** From a container's start to its healthcheck's verdict. */
  health_after_ms?: number;
  pull_ms?: number;
  now?: () => number;
}

/** A simulated engine that listens. */
export interface DockerFake {
  /** For TLS: add the client's own cert and key. */
  connection: DockerConnection;
  faults: Faults;
  /** The engine's insides, for tests that look or turn. */
  engine: Engine;
  knobs: Knobs;
  /** What it says of itself: an engine that comes back from an update says something else. */
  face: Face;
  /** Every request so far. */
  asked: Asked[];
  close(): Promise<void>;
}

/** Starts a simulated Docker engine that speaks the wire protocol, so that the real adapter runs against it. */
export async function startDockerFake(options: DockerFakeOptions = {}): Promise<DockerFake> {
  const engine = new Engine({ now: options.now ?? Date.now, health_after_ms: options.health_after_ms ?? 1500 });
  if (options.empty !== true) furnish(engine);
  const face: Face = { engine_version: "28.5.2", api_minor: 51, min_api_minor: 24, cgroup: 2, ...options.face };
  const knobs: Knobs = { pull_ms: options.pull_ms ?? 2000, pull_fault: null };
  const { faults, misbehave } = faultBoard();
  const asked: Asked[] = [];
  const listener = engineListener(engine, { face, knobs, misbehave, asked: (call) => asked.push(call) });
  const { listen = "socket" } = options;
  const server = typeof listen === "string" ? createServer(listener) : secureServer(listen, listener);
  const place = listen === "socket" ? await socketPlace() : { path: null, clear: async () => {} };
  await listening(server, place.path);
  return {
    connection: connectionTo(server, listen, place.path),
    faults,
    engine,
    knobs,
    face,
    asked,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await place.clear();
    },
  };
}

function secureServer(tls: { cert: string; key: string; ca: string }, listener: Parameters<typeof createServer>[1]) {
  return createSecureServer({ ...tls, requestCert: true, rejectUnauthorized: true }, listener);
}

async function socketPlace(): Promise<{ path: string; clear(): Promise<void> }> {
  if (process.platform === "win32") return { path: `\\\\.\\pipe\\home-steward-${randomUUID()}`, clear: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), "home-steward-docker-"));
  return { path: join(folder, "docker.sock"), clear: () => rm(folder, { recursive: true, force: true }) };
}

function listening(server: Server, path: string | null): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    if (path === null) server.listen(0, "127.0.0.1", resolve);
    else server.listen(path, resolve);
  });
}

function connectionTo(server: Server, listen: DockerFakeOptions["listen"], path: string | null): DockerConnection {
  if (path !== null) return { kind: "socket", path };
  const address = server.address();
  const port = isInternet(address) ? address.port : 0;
  return typeof listen === "object"
    ? { kind: "tcp", url: `https://127.0.0.1:${port}`, ca: listen.ca }
    : { kind: "tcp", url: `tcp://127.0.0.1:${port}` };
}

const isInternet = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === "object" && address !== null;
