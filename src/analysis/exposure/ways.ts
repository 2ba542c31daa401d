import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { onHost } from "./endpoints.ts";
import type { ProxyReading, Route } from "./proxies/route.ts";

/** One way to a container that a proxy's settings name. */
export interface Way {
  via: ContainerInspected;
  route: Route;
  /** It names an address and a published port: that is this host only if the address is its own. */
  by_address: boolean;
}

/** Every route of every proxy, and the container that it leads to, null where that is none of this engine. */
export function waysOf(
  containers: readonly ContainerInspected[],
  readings: ReadonlyMap<string, ProxyReading>,
): (Way & { to: ContainerInspected | null })[] {
  const running = containers.filter(({ State }) => State.Running);
  const names = new Map(running.map((one) => [one.Id, namesOfOne(one)]));
  return running.flatMap((via) =>
    (readings.get(via.Id)?.routes ?? []).map((route) => {
      const named = running.find((one) => one.Id !== via.Id && names.get(one.Id)?.has(route.to.host));
      if (named !== undefined) return { via, route, to: named, by_address: false };
      const { host, port } = route.to;
      const publishing =
        port === null || !mayBeHost(host, via)
          ? undefined
          : running.find((one) => one.Id !== via.Id && publishes(one, port));
      return { via, route, to: publishing ?? null, by_address: publishing !== undefined && !isOwn(host) };
    }),
  );
}

/** What Docker's own name server and its bridges know it by. */
function namesOfOne(container: ContainerInspected): Set<string> {
  const endpoints = Object.values(container.NetworkSettings.Networks);
  const names = endpoints.flatMap(({ Aliases, IPAddress }) => [...(Aliases ?? []), IPAddress ?? ""]);
  return new Set([nameOf(container), ...names].filter((name) => name !== "").map((name) => name.toLowerCase()));
}

const isOwn = (host: string) =>
  /^(localhost|127\.[\d.]+|::1|host\.docker\.internal|gateway\.docker\.internal|172\.17\.0\.1)$/.test(host);

/** An address could be the host's; "localhost" is that only of who is in its network. */
const mayBeHost = (host: string, via: ContainerInspected): boolean =>
  /^(localhost|127\.[\d.]+|::1)$/.test(host) ? onHost(via) : isOwn(host) || /^[\d.]+$|:/.test(host);

const publishes = ({ NetworkSettings, Config, ...container }: ContainerInspected, port: number): boolean =>
  Object.values(NetworkSettings.Ports ?? {}).some((hosts) =>
    hosts?.some(({ HostPort }) => Number(HostPort) === port),
  ) ||
  (container.HostConfig.NetworkMode === "host" && `${port}/tcp` in (Config.ExposedPorts ?? {}));

/** The port that a way leads to inside a container, null where that is not told. */
export const innerPortOf = ({ route, to }: Pick<Way, "route"> & { to: ContainerInspected }): number | null => {
  const { host, port } = route.to;
  if (namesOfOne(to).has(host)) return port;
  const inner = Object.entries(to.NetworkSettings.Ports ?? {}).find(([, hosts]) =>
    hosts?.some(({ HostPort }) => Number(HostPort) === port),
  );
  return inner === undefined ? port : Number.parseInt(inner[0], 10);
};
