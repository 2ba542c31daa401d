import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { inspect } from "node:util";
import type { DockerOptions } from "dockerode";
import { StewardError } from "../../shared/errors.ts";
import { isLoopback, portainerDoor } from "../portainer/door.ts";
import { sshLink } from "../ssh.ts";
import { agentOver } from "./over-ssh.ts";
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
  /** Where its TLS server is, if it has one. */
  tls?: { host: string; port: number };
  /** Errors: refused (a way that would not be safe). */
  open(): Promise<DockerOptions>;
  close(): Promise<void>;
}

type Of<K extends DockerConnection["kind"]> = Extract<DockerConnection, { kind: K }>;

/** More at once than any engine works on; the rest waits for its turn. */
const maxSockets = 64;
/** `undefined` spelt out: the library would fill in DOCKER_HOST and its kin. */
const nothingFromEnvironment = { host: undefined, socketPath: undefined, timeout: undefined, ca: undefined };

export function wayTo(connection: DockerConnection, deadline_ms: number): Way {
  switch (connection.kind) {
    case "socket":
      return overSocket(connection);
    case "tcp":
      return overTcp(connection);
    case "ssh":
      return overSsh(connection, deadline_ms);
    case "portainer":
      return throughPortainer(connection);
  }
}

function overSocket({ path }: Of<"socket">): Way {
  const agent = new Agent({ maxSockets });
  return {
    kind: "socket",
    name: `Docker's socket ${path}`,
    setting: "docker.socket",
    prefix: "",
    open: async () => ({ ...nothingFromEnvironment, protocol: "http", socketPath: path, agent: quiet(agent) }),
    close: async () => agent.destroy(),
  };
}

function overTcp({ url, ca, cert, key }: Of<"tcp">): Way {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "https:" || ca !== undefined || cert !== undefined;
  const at = { host: bare(hostname), port: Number(port) || (secure ? 2376 : 2375) };
  const agent = secure ? new SecureAgent({ maxSockets }) : new Agent({ maxSockets });
  return {
    kind: "tcp",
    name: `Docker at ${at.host}`,
    setting: "docker.url",
    prefix: "",
    ...(secure ? { tls: at } : {}),
    async open() {
      if (!secure && !isLoopback(at.host))
        throw new StewardError(
          "refused",
          "Docker over plain tcp:// would give root of that machine to everybody in the network.",
          "Give ca, cert and key for TLS, or use ssh: true.",
        );
      return {
        ...nothingFromEnvironment,
        ...at,
        protocol: secure ? "https" : "http",
        ca,
        cert,
        key,
        agent: quiet(agent),
      };
    },
    close: async () => agent.destroy(),
  };
}

function overSsh({ ssh, socket }: Of<"ssh">, deadline_ms: number): Way {
  const link = sshLink(ssh, deadline_ms);
  const agent = agentOver(link, { socket, maxSockets, deadline_ms: deadline_ms / 2 });
  return {
    kind: "ssh",
    name: `Docker on ${ssh.host} over ssh`,
    setting: "docker.socket",
    prefix: "",
    open: async () => ({ ...nothingFromEnvironment, protocol: "http", host: "docker", port: 80, agent: quiet(agent) }),
    async close() {
      agent.destroy();
      link.close();
    },
  };
}

function throughPortainer(connection: Of<"portainer">): Way {
  const { at, secure, path, agent, mayBeUsed } = portainerDoor(connection, maxSockets);
  return {
    kind: "portainer",
    name: `Portainer at ${at.host}`,
    setting: "portainer.url and docker.endpoint",
    prefix: `${path}/api/endpoints/${connection.endpoint}/docker`,
    ...(secure ? { tls: at } : {}),
    async open() {
      mayBeUsed();
      const headers = { "X-API-Key": connection.apiKey };
      return { ...nothingFromEnvironment, ...at, protocol: secure ? "https" : "http", headers, agent: quiet(agent) };
    },
    close: async () => agent.destroy(),
  };
}

/**
 * docker-modem inspects its options to every depth at each call, also when nobody debugs. With an agent's sockets among
 * them that took 70 ms of CPU a call at 100 containers, and more the more there were.
 */
function quiet<A extends Agent>(agent: A): A {
  return Object.defineProperty(agent, inspect.custom, { value: () => "Agent" });
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, "");
