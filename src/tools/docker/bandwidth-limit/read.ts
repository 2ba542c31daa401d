import { hasProcess } from "../../../analysis/containers/process.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Network, Shaped } from "../../../systems/network/port.ts";
import { processOf } from "../quotas/read.ts";

/** One of a container's cables, by the name of its end on the host, and how it is shaped. */
export interface Cable {
  name: string;
  /** Null where it has none: macvlan, ipvlan. */
  veth: string | null;
  kind: string;
  shaped: Shaped | null;
}

/** All cables of a container; none while it does not run. */
export async function readCables(
  network: Network,
  container: ContainerInspected,
  signal?: AbortSignal,
): Promise<Cable[]> {
  if (!hasProcess(container)) return [];
  const interfaces = await network.interfaces(processOf(container), signal);
  return Promise.all(
    interfaces.map(async (one) => ({
      ...one,
      shaped: one.veth === null ? null : await network.shaped(one.veth, signal),
    })),
  );
}
