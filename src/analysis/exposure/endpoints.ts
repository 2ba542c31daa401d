import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { ListeningSocket } from "../../systems/network/port.ts";
import { nameOf } from "../updates/dependants.ts";

/** A port of one host that answers others than the host itself. */
export interface Endpoint {
  protocol: "tcp" | "udp";
  port: number;
  /** Bound addresses, "0.0.0.0" and "::" for all. */
  addresses: string[];
  /** Who answers: a container, or a program of the host ("sshd"); null where nobody could be asked. */
  container: ContainerInspected | null;
  program: string | null;
  /** The port inside the container, which says what it is; of a program, the same. */
  inner_port: number;
  /** How it is known that it is open. */
  seen: "published" | "listening" | "image";
}

/** All ports that are reachable from outside the host, and how many listen for the host alone. */
export function endpointsOf(
  containers: readonly ContainerInspected[],
  sockets: readonly ListeningSocket[] | null,
): { endpoints: Endpoint[]; loopback_only: number } {
  const running = containers.filter(({ State }) => State.Running);
  const published = running.flatMap(publishedBy);
  const taken = new Set(published.map(keyOf));
  // docker-proxy listens for what is published; the same port by another program is the same for who knocks there.
  const listening = (sockets ?? []).filter((socket) => !taken.has(keyOf(socket))).map((socket) => of(socket, running));
  const assumed = sockets === null ? running.filter(onHost).flatMap(exposedBy) : [];
  const all = merged([...published, ...listening, ...assumed]);
  const reachable = all.flatMap((endpoint) => {
    const addresses = endpoint.addresses.filter((address) => !isLoopback(address));
    return addresses.length === 0 ? [] : [{ ...endpoint, addresses }];
  });
  return { endpoints: reachable, loopback_only: all.length - reachable.length };
}

const isLoopback = (address: string): boolean => /^(::ffff:)?127\./.test(address) || address === "::1";
export const isEvery = (address: string): boolean => address === "0.0.0.0" || address === "::";
export const onHost = ({ HostConfig }: ContainerInspected): boolean => HostConfig.NetworkMode === "host";

function publishedBy(container: ContainerInspected): Endpoint[] {
  return Object.entries(container.NetworkSettings.Ports ?? {}).flatMap(([inner, hosts]) => {
    const { protocol, port: inner_port } = partsOf(inner);
    return (hosts ?? []).map(({ HostIp, HostPort }) => ({
      protocol,
      port: Number(HostPort),
      addresses: [HostIp || "0.0.0.0"],
      container,
      program: null,
      inner_port,
      seen: "published" as const,
    }));
  });
}

function of(socket: ListeningSocket, running: readonly ContainerInspected[]): Endpoint {
  const { protocol, port, address, program, container_id } = socket;
  const container = running.find(({ Id }) => Id === container_id) ?? null;
  return { protocol, port, addresses: [address], container, program, inner_port: port, seen: "listening" };
}

/** Without a look at the host, what the image says its program listens on. */
function exposedBy(container: ContainerInspected): Endpoint[] {
  return Object.keys(container.Config.ExposedPorts ?? {}).map((inner) => {
    const { protocol, port } = partsOf(inner);
    const own = { protocol, port, inner_port: port, container, program: null };
    return { ...own, addresses: ["0.0.0.0"], seen: "image" as const };
  });
}

function partsOf(inner: string): { protocol: "tcp" | "udp"; port: number } {
  const [port, protocol] = inner.split("/");
  return { port: Number(port), protocol: protocol === "udp" ? "udp" : "tcp" };
}

const keyOf = ({ protocol, port }: Pick<Endpoint, "protocol" | "port">) => `${port}/${protocol}`;

/** One for each port and who answers there: IPv4 and IPv6 are two bindings of one port. */
function merged(all: readonly Endpoint[]): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const one of all) {
    const key = `${keyOf(one)} ${one.container?.Id ?? one.program}`;
    const known = found.get(key);
    const addresses = [...new Set([...(known?.addresses ?? []), ...one.addresses])].sort();
    found.set(key, { ...(known ?? one), addresses });
  }
  return [...found.values()];
}

/** "container plex", "program sshd" */
export function whoAnswers({ container, program }: Endpoint): string {
  if (container !== null) return `container ${nameOf(container)}`;
  return program === null ? "a program that could not be told" : `program ${program}`;
}
