import type { ContainerInspected } from "../../systems/docker/shapes.ts";

/** One container that cannot go on with a recreated neighbour as it is, and why. */
export interface Dependant {
  container: ContainerInspected;
  shares: string;
}

/**
 * The containers that must be made again once `name` was: the engine ties them to the old container's id, not its name
 * (`network_mode: container:…`, pid and ipc alike; links of the default bridge), so that a restart would not do.
 * Those that depend on them in turn follow, each after what it depends on. Volumes taken with VolumesFrom need nothing:
 * they were resolved when the container was made, and the same volumes go on.
 */
export function dependantsOf(name: string, all: readonly ContainerInspected[]): Dependant[] {
  const found: Dependant[] = [];
  const queue = [name];
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    const on = all.find((container) => nameOf(container) === parent);
    for (const container of all) {
      const shares = on && container !== on ? sharing(container, on) : null;
      if (shares === null || nameOf(container) === name || found.some((known) => known.container === container))
        continue;
      found.push({ container, shares });
      queue.push(nameOf(container));
    }
  }
  return found;
}

export const nameOf = (container: ContainerInspected): string => container.Name.replace(/^\//, "");

function sharing({ HostConfig }: ContainerInspected, on: ContainerInspected): string | null {
  const isIt = (mode: unknown) =>
    typeof mode === "string" && (mode === `container:${on.Id}` || mode === `container:${nameOf(on)}`);
  if (isIt(HostConfig.NetworkMode)) return `its network is that of ${nameOf(on)}`;
  if (isIt(HostConfig.PidMode)) return `it sees the processes of ${nameOf(on)}`;
  if (isIt(HostConfig.IpcMode)) return `it shares the memory of ${nameOf(on)}`;
  const linked = (HostConfig.Links ?? []).some((link) => link.startsWith(`/${nameOf(on)}:`));
  return linked ? `it is linked to ${nameOf(on)}` : null;
}
