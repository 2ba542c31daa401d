import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import type { DockerOptions } from "dockerode";
import { StewardError } from "../../shared/errors.ts";
import type { DockerConnection } from "./port.ts";

/** One way to reach an engine. */
export interface Way {
  kind: DockerConnection["kind"];
  /** For messages: "Docker's socket /var/run/docker.sock". From the configuration only. */
  name: string;
  /** The setting to correct. */
  setting: string;
  /** Goes before every path: Portainer's proxy has one. */
  prefix: string;
  open(): Promise<DockerOptions>;
  close(): Promise<void>;
}

/** More at once than any engine works on; the rest waits for its turn. */
const maxSockets = 64;
/** `undefined` spelt out: the library would fill in DOCKER_HOST and its kin. */
const nothingFromEnvironment = { host: undefined, socketPath: undefined, timeout: undefined, ca: undefined };

export function wayTo(connection: DockerConnection): Way {
  switch (connection.kind) {
    case "socket":
      return overSocket(connection.path);
    case "tcp":
      return overTcp(connection);
    default:
      throw new StewardError("unsupported", "Not built yet.", "Use a socket.");
  }
}

function overSocket(path: string): Way {
  const agent = new Agent({ maxSockets });
  return {
    kind: "socket",
    name: `Docker's socket ${path}`,
    setting: "docker.socket",
    prefix: "",
    open: async () => ({ ...nothingFromEnvironment, protocol: "http", socketPath: path, agent }),
    close: async () => agent.destroy(),
  };
}

function overTcp({ url, ca, cert, key }: Extract<DockerConnection, { kind: "tcp" }>): Way {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "https:" || ca !== undefined || cert !== undefined;
  const host = hostname.replace(/^\[|\]$/g, "");
  const agent = secure ? new SecureAgent({ maxSockets }) : new Agent({ maxSockets });
  return {
    kind: "tcp",
    name: `Docker at ${host}`,
    setting: "docker.url",
    prefix: "",
    async open() {
      if (!secure && !isLoopback(host))
        throw new StewardError(
          "refused",
          "Docker over plain tcp:// would give root of that machine to everybody in the network.",
          "Give ca, cert and key for TLS, or use ssh: true.",
        );
      const at = { host, port: port || (secure ? 2376 : 2375), protocol: secure ? "https" : "http" } as const;
      return { ...nothingFromEnvironment, ...at, ca, cert, key, agent };
    },
    close: async () => agent.destroy(),
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
