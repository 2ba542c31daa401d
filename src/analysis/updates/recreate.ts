import type { JsonObject } from "../../shared/json.ts";
import { asJsonObject } from "../../shared/json.ts";
import type { ContainerInspected, ImageInspected } from "../../systems/docker/shapes.ts";
import { ownersConfig } from "./inherit.ts";
import { mountsOf } from "./mounts.ts";
import { networksOf } from "./networks.ts";

/** How to make a container again: on another image, or the same way on its own. */
export interface Recreation {
  /** Body of `POST /containers/create`. */
  body: JsonObject;
  /** Networks to connect before the start, beyond the one in the body. */
  connect: { network: string; endpoint: JsonObject }[];
  /** What differs from the old container, in plain words. */
  notes: string[];
}

interface Neighbours {
  /** Name of a container by name or id; undefined when it is gone. */
  nameOf(reference: string): string | undefined;
  /** The containers that VolumesFrom names, by the reference used there. */
  sources: ReadonlyMap<string, ContainerInspected>;
}

/**
 * Works out the create request that gives `container` again. `image` is the image it was made from: what came from
 * there is left out, so that it follows whatever image the reference points to when the request is made.
 */
export function recreate(container: ContainerInspected, image: ImageInspected, neighbours: Neighbours): Recreation {
  const { Config, HostConfig } = container;
  const own = ownersConfig(Config, image.Config ?? {});
  const byName = (mode: unknown) => namedMode(mode, neighbours);
  const networks = networksOf(container, byName(HostConfig.NetworkMode));
  const joined = networks.mode.startsWith("container:");
  const host = {
    ...HostConfig,
    NetworkMode: networks.mode,
    ...("PidMode" in HostConfig && { PidMode: byName(HostConfig.PidMode) }),
    ...("IpcMode" in HostConfig && { IpcMode: byName(HostConfig.IpcMode) }),
    ...mountsOf(container, neighbours.sources),
    ...(HostConfig.Links && { Links: HostConfig.Links.map(link) }),
  };
  const body: Record<string, unknown> = { ...own, Image: Config.Image, HostConfig: host };
  if (keepsHostname(container, joined)) body.Hostname = Config.Hostname;
  // A port is published only while it is exposed: one that the image exposed so far has to stay so.
  const published = Object.keys(HostConfig.PortBindings ?? {}).filter((port) => Config.ExposedPorts?.[port]);
  if (published.length > 0)
    body.ExposedPorts = {
      ...(own.ExposedPorts ?? {}),
      ...Object.fromEntries(published.map((port) => [port, {}])),
    };
  // The engine refuses these in a container that lives in another one's network.
  if (joined) for (const field of ["Domainname", "MacAddress", "ExposedPorts"]) delete body[field];
  if (networks.primary !== null)
    body.NetworkingConfig = { EndpointsConfig: { [networks.primary.network]: networks.primary.endpoint } };

  const lost = (HostConfig.VolumesFrom ?? []).length > (host.VolumesFrom ?? []).length;
  return {
    body: asJsonObject(body),
    connect: networks.connect.map(({ network, endpoint }) => ({ network, endpoint: asJsonObject(endpoint) })),
    notes: lost
      ? [...networks.notes, "A container it took volumes from is gone; the same volumes are mounted directly."]
      : networks.notes,
  };
}

/** The engine keeps `container:` references by id, which another update makes stale; a name is found again. */
function namedMode(mode: unknown, { nameOf }: Neighbours): string {
  if (typeof mode !== "string") return "";
  const [kind, reference] = mode.split(":", 2);
  return kind === "container" && reference ? `container:${nameOf(reference) ?? reference}` : mode;
}

/** A hostname that the engine made of the container's id, or borrowed from a neighbour, is not the owner's. */
function keepsHostname({ Id, Config, HostConfig }: ContainerInspected, joined: boolean): boolean {
  const hostname = Config.Hostname ?? "";
  return hostname !== "" && hostname !== Id.slice(0, 12) && !joined && HostConfig.UTSMode !== "host";
}

/** Inspect gives links as `/db:/web/alias`; create wants `db:alias`. */
function link(entry: string): string {
  const [target = "", alias = ""] = entry.split(":");
  return `${target.replace(/^\//, "")}:${alias.split("/").at(-1) ?? ""}`;
}
