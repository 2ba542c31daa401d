import type { ContainerInspected } from "../../systems/docker/shapes.ts";

type Fields = Record<string, unknown>;

/**
 * HostConfig's `Mounts` and `VolumesFrom` for the new container, with every volume that only the old container knew by
 * name (anonymous ones, of the image or of `-v /path`) mounted explicitly: otherwise the engine makes empty new ones.
 * `sources` are the containers that VolumesFrom names and that still exist; what came from one that is gone is mounted
 * explicitly as well.
 */
export function mountsOf(
  container: ContainerInspected,
  sources: ReadonlyMap<string, ContainerInspected>,
): { Mounts?: Fields[]; VolumesFrom?: string[] } {
  const { HostConfig, Mounts } = container;
  const volumesFrom = (HostConfig.VolumesFrom ?? []).filter((entry) => sources.has(sourceName(entry)));
  const shared = volumesFrom.flatMap((entry) => sources.get(sourceName(entry))?.Mounts ?? []);
  const covered = new Set([
    ...(HostConfig.Binds ?? []).map(bindTarget),
    ...Object.keys(isFields(HostConfig.Tmpfs) ? HostConfig.Tmpfs : {}),
    ...shared.map((mount) => mount.Destination),
  ]);

  const said = (HostConfig.Mounts ?? []).map((mount): Fields => {
    covered.add(mount.Target);
    const volume = Mounts.find(({ Type, Destination }) => Type === "volume" && Destination === mount.Target);
    return mount.Type === "volume" && !mount.Source && volume?.Name ? { ...mount, Source: volume.Name } : mount;
  });
  // Sorted: the engine lists mounts in no order, and a plan must come out the same twice.
  const open = Mounts.filter((mount) => !covered.has(mount.Destination)).sort((a, b) =>
    a.Destination < b.Destination ? -1 : 1,
  );
  const carried = open.flatMap((mount): Fields[] => {
    const to = { Target: mount.Destination, ReadOnly: !mount.RW };
    if (mount.Type === "volume" && mount.Name) return [{ Type: "volume", Source: mount.Name, ...to }];
    return mount.Type === "bind" && mount.Source ? [{ Type: "bind", Source: mount.Source, ...to }] : [];
  });
  // What was not said stays unsaid: an empty list would be one more difference to the old container.
  return {
    ...((HostConfig.Mounts || carried.length > 0) && { Mounts: [...said, ...carried] }),
    ...(HostConfig.VolumesFrom && { VolumesFrom: volumesFrom.map((entry) => renamed(entry, sources)) }),
  };
}

/** `media:ro` of VolumesFrom names `media`. */
export const sourceName = (entry: string): string => entry.split(":", 1)[0] ?? entry;

/** By name instead of by id: an id goes stale when that container is updated. */
function renamed(entry: string, sources: ReadonlyMap<string, ContainerInspected>): string {
  const [reference = "", ...options] = entry.split(":");
  return [sources.get(reference)?.Name.replace(/^\//, "") ?? reference, ...options].join(":");
}

const bindTarget = (bind: string): string => bind.split(":")[1] ?? bind;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
