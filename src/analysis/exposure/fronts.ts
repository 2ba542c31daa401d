import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { parseReference } from "../updates/reference.ts";
import { onHost } from "./endpoints.ts";

/** What a home lets visitors in by, known by their images' names. */
export interface Fronts {
  proxies: ContainerInspected[];
  tunnels: ContainerInspected[];
  logins: ContainerInspected[];
}

const proxyImages =
  /^(traefik|caddy|caddy-docker-proxy|nginx-proxy|nginx-proxy-manager|npmplus|swag|haproxy|zoraxy|bunkerweb)$/;
const tunnelImages = /^(cloudflared|tunnel)$/;
const loginImages = /^(authelia|oauth2-proxy|tinyauth|keycloak|pocket-id)$/;

export function frontsOf(containers: readonly ContainerInspected[]): Fronts {
  const running = containers.filter(({ State }) => State.Running);
  const by = (fits: (repository: string, last: string) => boolean) =>
    running.filter(({ Config }) => {
      const repository = parseReference(Config.Image)?.repository ?? "";
      return fits(repository, repository.split("/").at(-1) ?? "");
    });
  return {
    proxies: by((_, last) => proxyImages.test(last)),
    // Of cloudflare alone: many images are called "tunnel".
    tunnels: by((repository, last) => tunnelImages.test(last) && /cloudflare/.test(repository)),
    logins: by((repository, last) => loginImages.test(last) || /goauthentik\/(server|proxy)$/.test(repository)),
  };
}

/** How visitors come to a container, as far as its labels and the names of its variables tell. */
export interface WayIn {
  /** The proxy that is told to route to it; null where none is seen to be. */
  proxy: ContainerInspected | null;
  /** Which of its labels or variables says so. */
  told_by: string | null;
  /** Whether the proxy reaches it without a published port: over a network they share. */
  shares_network: boolean;
  /** The login that the route asks for, by name ("authentik"); null where none is seen. */
  login: string | null;
  /** A tunnel on one of its networks, whose routes are kept elsewhere. */
  tunnel: ContainerInspected | null;
}

const loginWords = /authentik|authelia|oauth2|tinyauth|keycloak|pocket-?id|forward-?auth|basic-?auth/i;

export function wayIn(container: ContainerInspected, { proxies, tunnels }: Fronts): WayIn {
  const told_by = toldBy(container);
  const sharing = (other: ContainerInspected) => other.Id !== container.Id && shareNetwork(container, other);
  const told = told_by === null ? [] : proxies.filter((proxy) => listensTo(proxy, told_by));
  const proxy = told.find(sharing) ?? told[0] ?? null;
  return {
    proxy,
    told_by: proxy === null ? null : told_by,
    shares_network: proxy !== null && sharing(proxy),
    login: proxy === null ? null : loginOf(container),
    tunnel: tunnels.find(sharing) ?? null,
  };
}

/** The label or variable by which a container asks a proxy to route to it. Names only: values hold secrets. */
function toldBy({ Config }: ContainerInspected): string | null {
  const labels = Config.Labels ?? {};
  const traefik = Object.keys(labels).find((key) => /^traefik\.(http|tcp)\.routers\.[^.]+\.rule$/i.test(key));
  if (labels["traefik.enable"] === "false") return null;
  if (traefik !== undefined || labels["traefik.enable"] === "true") return "traefik";
  if (Object.keys(labels).some((key) => /^caddy(_\d+)?$/.test(key))) return "caddy";
  if ((Config.Env ?? []).some((entry) => entry.startsWith("VIRTUAL_HOST="))) return "nginx-proxy";
  if (labels.swag === "enable") return "swag";
  return null;
}

const listensTo = ({ Config }: ContainerInspected, kind: string) =>
  (parseReference(Config.Image)?.repository.split("/").at(-1) ?? "").startsWith(kind);

function loginOf({ Config }: ContainerInspected): string | null {
  const asks = Object.entries(Config.Labels ?? {}).filter(([key]) =>
    /^traefik\.http\.routers\.[^.]+\.middlewares$|^caddy(_\d+)?\.(forward_auth|authorize|basicauth|basic_auth)/i.test(
      key,
    ),
  );
  for (const [key, value] of asks) {
    const word = loginWords.exec(value)?.[0] ?? loginWords.exec(key)?.[0];
    if (word !== undefined) return word.toLowerCase();
    if (key.startsWith("caddy")) return "forward_auth";
  }
  return null;
}

function shareNetwork(one: ContainerInspected, other: ContainerInspected): boolean {
  // A proxy in the host's network reaches every bridge from outside.
  if (onHost(other)) return !onHost(one);
  const names = Object.keys(one.NetworkSettings.Networks).filter((name) => name !== "host" && name !== "none");
  return names.some((name) => name in other.NetworkSettings.Networks);
}

export const namesOf = (containers: readonly ContainerInspected[]): string => containers.map(nameOf).join(", ");
