import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import type { ExposedPort } from "./audit.ts";
import { type Endpoint, isEvery } from "./endpoints.ts";
import { type Fronts, namesOf, type WayIn, wayIn } from "./fronts.ts";
import { loginOver } from "./sites.ts";

type Judgement = Pick<ExposedPort, "verdict" | "severity" | "why" | "fix">;

/** By the port inside the container. Their own defaults. */
const databases: Readonly<Record<number, string>> = {
  1433: "SQL Server",
  3306: "MySQL",
  5432: "PostgreSQL",
  5984: "CouchDB",
  6379: "Redis",
  8086: "InfluxDB",
  9200: "Elasticsearch",
  11211: "Memcached",
  27017: "MongoDB",
};
/** Whoever may speak to one of these owns the machine. */
const masters: Readonly<Record<number, string>> = {
  2375: "Docker's API without any login",
  2376: "Docker's API",
  9000: "Portainer, which commands Docker,",
  9443: "Portainer, which commands Docker,",
};
const frontPorts: ReadonlySet<number> = new Set([80, 443]);

/** Programs of the host that are meant to be asked, and what to mind. */
const programs: Readonly<Record<string, string>> = {
  sshd: "Keys only, no passwords, and not for root from outside.",
  smbd: "For the house only: never let the router through to it.",
  nmbd: "For the house only: never let the router through to it.",
  "rpc.mountd": "For the house only: never let the router through to it.",
  rpcbind: "For the house only: never let the router through to it.",
};

/** What is thought of one port that the owner has not accepted. */
export function judge(endpoint: Endpoint, fronts: Fronts): Judgement {
  if (endpoint.container === null) return ofProgram(endpoint);
  const { container, inner_port } = endpoint;
  const name = nameOf(container);
  const where = endpoint.addresses.some(isEvery) ? "on every address" : `on ${endpoint.addresses.join(", ")}`;
  const database = databases[inner_port];
  if (database !== undefined)
    return {
      verdict: "close",
      severity: "critical",
      why: `A database (${database}) answers ${where}.`,
      fix: `${takeAway(endpoint, name)} What needs it reaches it by name over a network that both are on.`,
    };
  const master = isMaster(endpoint) ? masters[inner_port] : undefined;
  if (master !== undefined)
    return {
      verdict: "close",
      severity: inner_port === 2375 ? "critical" : "warning",
      why: `${master} answers ${where}.`,
      fix: `${takeAway(endpoint, name)} Reach it over ssh or a VPN.`,
    };
  if (isFrontDoor(container, inner_port, fronts))
    return {
      verdict: "front_door",
      severity: "info",
      why: `${name} is the proxy that visitors come in by.`,
      fix: "Nothing: it is meant to be open.",
    };
  if (fronts.logins.includes(container))
    return {
      verdict: "check",
      severity: "info",
      why: `${name} is the login itself, and answers ${where}.`,
      fix: "Behind a proxy it needs no port of its own.",
    };
  return ofService(endpoint, container, where, fronts);
}

/** The usual two of a proxy, and those that its settings name. */
const isFrontDoor = (container: ContainerInspected, port: number, { proxies, readings }: Fronts): boolean =>
  proxies.includes(container) &&
  (frontPorts.has(port) || (readings.get(container.Id)?.routes ?? []).some(({ ports }) => ports.includes(port)));

/** A service: with a proxy in front its own port is a way round it, and without one nobody asks who comes. */
function ofService(endpoint: Endpoint, container: ContainerInspected, where: string, fronts: Fronts): Judgement {
  const way = wayIn(container, endpoint.inner_port, fronts);
  const name = nameOf(container);
  if (way.proxy !== null && way.by_address)
    return {
      verdict: "close",
      severity: "warning",
      why: `${nameOf(way.proxy)} leads to this port by an address${loginWords(way)}, and it answers ${where} to everybody else: a way round that one, if the address is this host's.`,
      fix: `Put ${name} and ${nameOf(way.proxy)} on one network, let it lead to ${name}:${endpoint.inner_port}, then: ${takeAway(endpoint, name)}`,
    };
  if (way.proxy !== null)
    return {
      verdict: "close",
      severity: "warning",
      why: `${nameOf(way.proxy)} is in front of ${name}${loginWords(way)}, but its own port answers ${where} as well: a way round it.`,
      fix: way.shares_network
        ? `${takeAway(endpoint, name)} ${nameOf(way.proxy)} reaches it over their network.`
        : `Put ${name} and ${nameOf(way.proxy)} on one network, then: ${takeAway(endpoint, name)}`,
    };
  if (way.tunnel !== null)
    return {
      verdict: "close",
      severity: "warning",
      why: `${name} answers ${where}, beside the tunnel ${nameOf(way.tunnel)} on its network: a way round that one's rules.`,
      fix: `${takeAway(endpoint, name)} The tunnel needs no published port.`,
    };
  const front = [...fronts.proxies, ...fronts.tunnels];
  return {
    verdict: "close",
    severity: "warning",
    why: `${name} answers ${where}, and neither a proxy nor a login is seen in front of it.`,
    fix:
      front.length > 0
        ? `Route it through ${namesOf(front)}${fronts.logins.length > 0 ? ` with the login of ${namesOf(fronts.logins)}` : ""}, then: ${takeAway(endpoint, name)}`
        : `Bind it to 127.0.0.1, or to the house's own address, unless others really need it.`,
  };
}

function loginWords({ logins }: WayIn): string {
  const { login, by } = loginOver(logins);
  if (login === "not_seen") return ", without a login that can be seen";
  return `, with ${by}${login === "asked" ? "" : login === "partly" ? " for a part of it" : " as it seems"}`;
}

/** Portainer's ports are others' as well. */
const isMaster = ({ inner_port, container }: Endpoint) =>
  inner_port < 3000 || /portainer/.test(container?.Config.Image ?? "");

function takeAway({ port, inner_port, protocol, seen }: Endpoint, name: string): string {
  const suffix = protocol === "udp" ? "/udp" : "";
  return seen === "published"
    ? `Take ${port}:${inner_port}${suffix} out of the ports of ${name}.`
    : `Move ${name} out of the host's network, and publish only what is needed.`;
}

function ofProgram({ program, addresses, port }: Endpoint): Judgement {
  const where = addresses.some(isEvery) ? "on every address" : `on ${addresses.join(", ")}`;
  if (port === 2375)
    return {
      verdict: "close",
      severity: "critical",
      why: `Docker's API without any login answers ${where}.`,
      fix: "Take tcp:// out of dockerd's hosts; reach it over ssh.",
    };
  return {
    verdict: "check",
    severity: "info",
    why: `A program of the host answers ${where}.`,
    fix: programs[program ?? ""] ?? "See whether others need it; otherwise bind it to 127.0.0.1 or stop it.",
  };
}
