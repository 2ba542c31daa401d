import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { below, within } from "../permissions/paths.ts";
import { parseReference } from "../updates/reference.ts";

/** A proxy whose settings can be read here. */
export type ProxyKind = "nginx" | "caddy" | "traefik" | "haproxy" | "cloudflared";

/** A file or folder with settings: as the container sees it, and where it lies on the host. */
export interface SettingsPlace {
  inside: string;
  path: string;
}

/** What to read of one proxy. */
export interface SettingsPlan {
  container: ContainerInspected;
  kind: ProxyKind;
  places: SettingsPlace[];
}

const images: readonly [ProxyKind, RegExp][] = [
  ["nginx", /^(nginx|nginx-unprivileged|nginx-proxy|openresty|swag|nginx-proxy-manager|npmplus)$/],
  ["caddy", /^caddy(-[a-z-]+)?$/],
  ["traefik", /^traefik$/],
  ["haproxy", /^haproxy(-[a-z]+)?$/],
  ["cloudflared", /^cloudflared$/],
];

/** Where each keeps them, as its image's documentation says. Traefik reads what its first file names, so all of its mounts. */
const usual: Readonly<Record<ProxyKind, readonly string[]>> = {
  nginx: ["/etc/nginx", "/config/nginx", "/data/nginx", "/usr/local/openresty/nginx/conf"],
  caddy: ["/etc/caddy"],
  traefik: ["/"],
  haproxy: ["/usr/local/etc/haproxy", "/etc/haproxy"],
  cloudflared: ["/etc/cloudflared", "/home/nonroot/.cloudflared", "/root/.cloudflared"],
};
/** Mounts of proxies that hold something else: sockets, clocks, certificates, logs. */
const others =
  /^\/(var\/)?run\/|^\/etc\/(localtime|timezone)$|\.(json|sock|log|pem|crt|key)$|^\/(var\/log|logs?|certs?|letsencrypt|acme|plugins-storage)(\/|$)/;

/** The last part of an image's name: "swag" of lscr.io/linuxserver/swag:latest. */
export const imageName = ({ Config }: ContainerInspected): string =>
  parseReference(Config.Image)?.repository.split("/").at(-1) ?? "";

/** The proxies that run, and which of their mounts hold settings. */
export function settingsPlans(containers: readonly ContainerInspected[]): SettingsPlan[] {
  return containers.flatMap((container) => {
    const kind = images.find(([, image]) => image.test(imageName(container)))?.[0];
    if (kind === undefined || !container.State.Running) return [];
    return [{ container, kind, places: usual[kind].flatMap((folder) => placesIn(folder, container)) }];
  });
}

function placesIn(folder: string, { Mounts }: ContainerInspected): SettingsPlace[] {
  const mounts = Mounts.flatMap(({ Source, Destination }) =>
    Source?.startsWith("/") && !others.test(Destination) ? [{ path: bare(Source), inside: bare(Destination) }] : [],
  );
  const around = mounts.filter(({ inside }) => within(folder, inside));
  // The innermost mount is the one that the container sees.
  const [over] = around.toSorted((a, b) => b.inside.length - a.inside.length);
  const inner = mounts.filter(({ inside }) => below(inside, folder));
  return [
    ...(over === undefined ? [] : [{ inside: folder, path: over.path + folder.slice(over.inside.length) }]),
    ...inner,
  ];
}

const bare = (path: string) => path.replace(/\/+$/, "");

/** The files that compose made a container from; none for others. */
export const composeFilesOf = ({ Config }: ContainerInspected): string[] =>
  (Config.Labels?.["com.docker.compose.project.config_files"] ?? "").split(",").filter((path) => path.startsWith("/"));
