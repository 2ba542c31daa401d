import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers `true` when the request was its own, and then it was answered; `false` leaves it to whoever is next. */
export type Room = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

/** An open port on loopback. */
export interface Door {
  /** "http://127.0.0.1:8471" */
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface DoorOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Asked in turn. */
  rooms: readonly Room[];
  /** What went wrong while answering: for the log. */
  onError(error: unknown): void;
}

/** Opens one port for all rooms. Errors: those of `listen` (EADDRINUSE …). */
export async function openDoor({ host, port, rooms, onError }: DoorOptions): Promise<Door> {
  const server = createServer((req, res) => {
    enter(rooms, req, res).catch((error: unknown) => {
      onError(error);
      if (!res.headersSent) res.writeHead(500, { "content-type": "text/plain" });
      res.end("Something went wrong here; the log has the details.\n");
    });
  });
  // A client that sends its headers a byte at a time holds no connection for long.
  server.headersTimeout = 10_000;
  await listen(server, host, port);
  const address = server.address();
  const at = isAddress(address) ? address.port : port;
  return {
    url: urlOf(host, at),
    port: at,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The address of a port, without a path. */
export const urlOf = (host: string, port: number) => `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

async function enter(rooms: readonly Room[], req: IncomingMessage, res: ServerResponse): Promise<void> {
  for (const room of rooms) if (await room(req, res)) return;
  res.writeHead(404, { "content-type": "text/plain" });
  res.end("There is nothing at this address.\n");
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === "object" && address !== null;
