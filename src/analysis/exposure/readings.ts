import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { imageName, type ProxyKind, type SettingsPlan, settingsPlans } from "./places.ts";
import { readCaddy } from "./proxies/caddy.ts";
import { readCloudflared } from "./proxies/cloudflared.ts";
import { readHaproxy } from "./proxies/haproxy.ts";
import { readNginx } from "./proxies/nginx.ts";
import { mostRoutes, type ProxyReading, type SettingsFiles, tooLong } from "./proxies/route.ts";
import { readTraefik } from "./proxies/traefik.ts";

/** A proxy's files as they were read, and what could not be. */
export interface ReadFiles extends SettingsFiles {
  unread: string[];
}

/** What was read on one host besides Docker's own answers; null for what takes a shell and there was none. */
export interface ReadSettings {
  /** By the proxy's id. */
  proxies: ReadonlyMap<string, ReadFiles>;
  /** Compose files by their path on the host. */
  compose: ReadonlyMap<string, string>;
}

const byFiles: Readonly<Record<Exclude<ProxyKind, "traefik">, (files: SettingsFiles) => ProxyReading>> = {
  nginx: readNginx,
  caddy: readCaddy,
  haproxy: readHaproxy,
  cloudflared: readCloudflared,
};
const none: ReadFiles = { texts: new Map(), covered: [], unread: [] };

/** What each proxy's settings say, by its id; of Traefik also what labels ask of it. */
export function readingsOf(
  containers: readonly ContainerInspected[],
  read: ReadSettings | null,
): Map<string, ProxyReading> {
  const plans = settingsPlans(containers);
  const known = plans.map((plan): [string, ProxyReading] => {
    const files = read?.proxies.get(plan.container.Id);
    const { routes, unseen } = readingOf(plan, files, containers);
    const more = routes.length > mostRoutes ? [tooLong] : [];
    const all = [...new Set([...unseenOf(plan, read), ...(files?.unread ?? []), ...unseen, ...more])];
    return [plan.container.Id, { routes: routes.slice(0, mostRoutes), unseen: all }];
  });
  return new Map(known);
}

function readingOf(
  { kind, container, places }: SettingsPlan,
  files: ReadFiles | undefined,
  containers: readonly ContainerInspected[],
): ProxyReading {
  if (kind === "traefik") {
    const labelled = containers
      .filter(({ State }) => State.Running)
      .map((one) => ({ name: nameOf(one), labels: one.Config.Labels ?? {} }));
    return readTraefik(files ?? none, [...(container.Config.Cmd ?? []), ...variablesOf(container)], labelled);
  }
  // A tunnel without a file of its own runs by a token.
  if (kind === "cloudflared" && places.length === 0) return readCloudflared(none);
  return files === undefined ? { routes: [], unseen: [] } : byFiles[kind](files);
}

/** TRAEFIK_ENTRYPOINTS_WEB_ADDRESS is the argument --entrypoints.web.address. */
const variablesOf = ({ Config }: ContainerInspected): string[] =>
  (Config.Env ?? []).flatMap((entry) => {
    const [, name, value] = /^TRAEFIK_([A-Z0-9_]+)=(.*)$/s.exec(entry) ?? [];
    return name === undefined ? [] : [`--${name.replaceAll("_", ".")}=${value}`];
  });

/** They serve pages as well, or make their settings of labels and variables. */
const withoutFiles = /^(nginx|nginx-unprivileged|nginx-proxy|caddy-docker-proxy)$/;

function unseenOf({ kind, places, container }: SettingsPlan, read: ReadSettings | null): string[] {
  if (places.length > 0) return read === null ? ["Its own settings: they take a shell on the host."] : [];
  const needsNone = kind === "cloudflared" || kind === "traefik" || withoutFiles.test(imageName(container));
  return needsNone ? [] : ["Its own settings: none are mounted from the host."];
}
