import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { parseReference } from "../updates/reference.ts";
import { onHost } from "./endpoints.ts";
import { imageName } from "./places.ts";
import type { Login, ProxyReading } from "./proxies/route.ts";
import { innerPortOf, waysOf } from "./ways.ts";

/** What a home lets visitors in by: known by their images' names, and by what was read of their settings. */
export interface Fronts {
  proxies: ContainerInspected[];
  tunnels: ContainerInspected[];
  logins: ContainerInspected[];
  /** What settings and labels say, by the proxy's id. */
  readings: ReadonlyMap<string, ProxyReading>;
  ways: ReturnType<typeof waysOf>;
}

const proxyImages =
  /^(traefik|caddy|caddy-docker-proxy|nginx-proxy|nginx-proxy-manager|npmplus|swag|haproxy|zoraxy|bunkerweb)$/;
const tunnelImages = /^(cloudflared|tunnel)$/;
const loginImages = /^(authelia|oauth2-proxy|tinyauth|keycloak|pocket-id)$/;

export function frontsOf(
  containers: readonly ContainerInspected[],
  readings: ReadonlyMap<string, ProxyReading>,
): Fronts {
  const running = containers.filter(({ State }) => State.Running);
  const isTunnel = (one: ContainerInspected) =>
    tunnelImages.test(imageName(one)) && /cloudflare/.test(repositoryOf(one));
  return {
    // nginx serves pages as well: what makes a proxy of it is that it leads somewhere.
    proxies: running.filter(
      (one) => proxyImages.test(imageName(one)) || (!isTunnel(one) && (readings.get(one.Id)?.routes.length ?? 0) > 0),
    ),
    // Of cloudflare alone: many images are called "tunnel".
    tunnels: running.filter(isTunnel),
    logins: running.filter(
      (one) => loginImages.test(imageName(one)) || /goauthentik\/(server|proxy)$/.test(repositoryOf(one)),
    ),
    readings,
    ways: waysOf(containers, readings),
  };
}

const repositoryOf = ({ Config }: ContainerInspected) => parseReference(Config.Image)?.repository ?? "";

/** How visitors come to one port of a container, as far as settings, labels and the names of its variables tell. */
export interface WayIn {
  /** The proxy, or the tunnel, that is told to lead to it; null where none is seen to be. */
  proxy: ContainerInspected | null;
  /** Whether the proxy reaches it without a published port: over a network they share. */
  shares_network: boolean;
  /** It is led to by an address that is this host's only if the owner knows it to be. */
  by_address: boolean;
  /** What each way asks; null where nothing is seen. */
  logins: (Login | null)[];
  /** A tunnel on one of its networks, whose routes are kept elsewhere. */
  tunnel: ContainerInspected | null;
}

export function wayIn(container: ContainerInspected, port: number, { proxies, tunnels, ways }: Fronts): WayIn {
  const sharing = (other: ContainerInspected) => other.Id !== container.Id && shareNetwork(container, other);
  const tunnel = tunnels.find(sharing) ?? null;
  const known = ways.filter(({ to }) => to?.Id === container.Id);
  const led = known.filter(({ route }) => [null, port].includes(innerPortOf({ route, to: container })));
  const [first] = [...led.filter(({ via }) => sharing(via)), ...led];
  if (first !== undefined) {
    const { via, by_address } = first;
    // Of every proxy that leads to it: one that asks nobody is a way in as well.
    const logins = led.map(({ route }) => route.login);
    return { proxy: via, shares_network: !by_address && sharing(via), by_address, logins, tunnel };
  }
  // Where its ways were read, no label says more of its other ports.
  const told_by = known.length > 0 ? null : toldBy(container);
  const told = told_by === null ? [] : proxies.filter((one) => imageName(one).startsWith(told_by));
  const proxy = told.find(sharing) ?? told[0] ?? null;
  const shares_network = proxy !== null && sharing(proxy);
  return { proxy, shares_network, by_address: false, logins: [loginByLabel(container)], tunnel };
}

/** The kind of proxy that a container asks to route to it. Names of variables only: values hold secrets. */
function toldBy({ Config }: ContainerInspected): string | null {
  const labels = Config.Labels ?? {};
  if (labels["traefik.enable"] === "false") return null;
  if (labels["traefik.enable"] === "true") return "traefik";
  if (Object.keys(labels).some((key) => /^caddy(_\d+)?$/.test(key))) return "caddy";
  if ((Config.Env ?? []).some((entry) => entry.startsWith("VIRTUAL_HOST="))) return "nginx-proxy";
  if (labels.swag === "enable") return "swag";
  return null;
}

/** caddy-docker-proxy makes its settings of labels alone: what they ask for all of the only site is what is asked. */
function loginByLabel({ Config }: ContainerInspected): Login | null {
  const labels = Object.entries(Config.Labels ?? {});
  const asking = labels.flatMap(([key, value]) => {
    const by = /^caddy(?:_\d+)?\.(forward_auth|authorize|basicauth|basic_auth)(?:\.|$)/.exec(key)?.[1];
    return by === undefined ? [] : [{ by, ofSome: /^[@/]/.test(value) }];
  });
  const [first] = asking;
  const sites = labels.filter(([key]) => /^caddy(_\d+)?$/.test(key));
  return first === undefined
    ? null
    : { by: first.by, sure: sites.length === 1 && !asking.some(({ ofSome }) => ofSome) };
}

function shareNetwork(one: ContainerInspected, other: ContainerInspected): boolean {
  // A proxy in the host's network reaches every bridge from outside.
  if (onHost(other)) return !onHost(one);
  const names = Object.keys(one.NetworkSettings.Networks).filter((name) => name !== "host" && name !== "none");
  return names.some((name) => name in other.NetworkSettings.Networks);
}

export const namesOf = (containers: readonly ContainerInspected[]): string => containers.map(nameOf).join(", ");
