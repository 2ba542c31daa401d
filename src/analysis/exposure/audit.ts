import { cleanLine } from "../../shared/text.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { ListeningSocket } from "../../systems/network/port.ts";
import { fits } from "../bandwidth/alerts.ts";
import { nameOf } from "../updates/dependants.ts";
import { type Difference, differencesOf } from "./compose-file.ts";
import { type Endpoint, endpointsOf, onHost, whoAnswers } from "./endpoints.ts";
import { type Fronts, frontsOf } from "./fronts.ts";
import { judge } from "./judge.ts";
import { composeFilesOf } from "./places.ts";
import { conditionsOf } from "./plex.ts";
import { yamlOf } from "./proxies/values.ts";
import { type ReadSettings, readingsOf } from "./readings.ts";
import { type Site, sitesOf } from "./sites.ts";

/** A port that the owner lives with: who answers there ("*" for anything), and why. */
export interface AcceptedPort {
  name: string;
  port: number;
  protocol: "tcp" | "udp";
  reason: string;
}

/** One reachable port, and what is thought of it. Our own words, and names that passed a schema. */
export interface ExposedPort {
  port: string;
  addresses: string[];
  answers: string;
  verdict: "close" | "check" | "accepted" | "front_door";
  severity: "critical" | "warning" | "info";
  why: string;
  /** What to do; of an accepted one, what still has to hold. */
  fix: string;
  /** Of an accepted one: whether each condition holds; null where that can't be seen from here. */
  conditions?: { what: string; met: boolean | null }[];
}

export interface ExposureAudit {
  ports: ExposedPort[];
  loopback_only: number;
  sites: Site[];
  /** Containers that run otherwise than their compose files say. */
  differences: Difference[];
  /** What this audit can't see, in plain words. */
  unseen: string[];
}

const weight = { critical: 0, warning: 1, info: 2 } as const;
const order = { close: 0, check: 1, accepted: 2, front_door: 3 } as const;

/**
 * Every port of one host that others reach, worst first, and what its proxies lead to. `sockets` is null where no shell
 * told what listens, `read` where none could be asked for settings.
 */
export function auditExposure(
  containers: readonly ContainerInspected[],
  sockets: readonly ListeningSocket[] | null,
  accepted: readonly AcceptedPort[],
  read: ReadSettings | null = null,
): ExposureAudit {
  const fronts = frontsOf(containers, readingsOf(containers, read));
  const { endpoints, loopback_only } = endpointsOf(containers, sockets);
  const ports = endpoints.map((endpoint): ExposedPort => {
    const own = {
      port: `${endpoint.port}/${endpoint.protocol}`,
      addresses: endpoint.addresses,
      answers: whoAnswers(endpoint),
    };
    const exception = acceptedAs(endpoint, accepted);
    if (exception === undefined) return { ...own, ...judge(endpoint, fronts) };
    const conditions = conditionsOf(endpoint, endpoints);
    const broken = conditions.filter(({ met }) => met === false);
    return {
      ...own,
      verdict: "accepted",
      severity: broken.length > 0 ? "warning" : "info",
      why: `Accepted: ${exception.reason}`,
      fix:
        broken.length > 0 ? `Not met: ${broken.map(({ what }) => what).join("; ")}.` : "Nothing, as long as it holds.",
      ...(conditions.length > 0 && { conditions }),
    };
  });
  const byWorst = (one: ExposedPort, other: ExposedPort) =>
    weight[one.severity] - weight[other.severity] ||
    order[one.verdict] - order[other.verdict] ||
    Number.parseInt(one.port, 10) - Number.parseInt(other.port, 10) ||
    (one.port + one.answers < other.port + other.answers ? -1 : 1);
  const defined = definedBy(containers, read);
  return {
    ports: ports.toSorted(byWorst),
    loopback_only,
    sites: sitesOf(fronts, accepted),
    differences: defined.flatMap(({ differences }) => differences ?? []),
    unseen: [...unseen(containers, sockets, fronts), ...unfollowed(defined)],
  };
}

function acceptedAs(endpoint: Endpoint, accepted: readonly AcceptedPort[]): AcceptedPort | undefined {
  const name = endpoint.container === null ? endpoint.program : nameOf(endpoint.container);
  return accepted.find(
    (one) =>
      one.port === endpoint.port &&
      one.protocol === endpoint.protocol &&
      (one.name === "*" || (name !== null && fits(one.name, name))),
  );
}

function definedBy(containers: readonly ContainerInspected[], read: ReadSettings | null) {
  if (read === null) return [];
  // Once each: a file may be of many containers.
  const compose = new Map([...read.compose].map(([path, text]) => [path, yamlOf(text)]));
  return containers
    .filter((container) => container.State.Running && composeFilesOf(container).length > 0)
    .map((container) => ({ name: nameOf(container), differences: differencesOf(container, compose) }));
}

function unfollowed(defined: ReturnType<typeof definedBy>): string[] {
  const names = defined.filter(({ differences }) => differences === null).map(({ name }) => name);
  return names.length > 0
    ? [`Whether the compose files of ${names.join(", ")} say the same: they can't be read here.`]
    : [];
}

/** Of one proxy: a folder of files that can't be read is told by a few of them. */
const mostUnseen = 5;

/** Programs of the host that lead visitors on, by settings that are not read. */
const hostProxy = /^(nginx|caddy|traefik|haproxy|cloudflared|apache2|httpd)$/;

function unseen(
  containers: readonly ContainerInspected[],
  sockets: readonly ListeningSocket[] | null,
  { tunnels, proxies, readings }: Fronts,
): string[] {
  const hosted = containers.filter((one) => one.State.Running && onHost(one)).map(nameOf);
  const byHand = proxies.filter((one) => !readings.has(one.Id)).map(nameOf);
  const led = [...readings].flatMap(([id, { unseen: what }]) => {
    const proxy = containers.find(({ Id }) => Id === id);
    const more = what.length > mostUnseen ? [`${what.length - mostUnseen} more that can't be followed.`] : [];
    const told = [...what.slice(0, mostUnseen).map((one) => cleanLine(one, 200)), ...more];
    return proxy === undefined ? [] : told.map((one) => `${nameOf(proxy)}: ${one}`);
  });
  const programs = (sockets ?? []).filter((one) => one.container_id === null && hostProxy.test(one.program ?? ""));
  const elsewhere = tunnels.filter(({ Id }) => !readings.has(Id));
  return [
    "Which of these ports the router lets in from the internet, and which a firewall holds back; what Docker publishes passes ufw.",
    ...(sockets === null ? ["What the host's own programs listen on: that takes a shell on it."] : []),
    ...(sockets === null && hosted.length > 0
      ? [`What listens in the host's network of ${hosted.join(", ")}: the ports that the image names are taken for it.`]
      : []),
    ...(elsewhere.length > 0
      ? [`Where ${elsewhere.map(nameOf).join(", ")} leads: its routes are kept at Cloudflare.`]
      : []),
    ...led,
    ...(byHand.length > 0
      ? [`Which routes ${byHand.join(", ")} has, and with which login: they are in its own files.`]
      : []),
    ...[...new Set(programs.map(({ program }) => program))].map(
      (name) => `Where ${name} leads, a program of the host: its settings are not read.`,
    ),
    ...(sockets?.some(({ program }) => program === null)
      ? ["Which programs some sockets are of: the shell's account may not see that."]
      : []),
  ];
}
