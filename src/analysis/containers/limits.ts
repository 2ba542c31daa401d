import type { ContainerInspected } from "../../systems/docker/shapes.ts";

/**
 * An engine can't take a memory limit off a container that lives; it can only set another. This one (1 PiB) is more than
 * any machine has: set in place of none, and read as none.
 */
export const unlimitedMemory = 2 ** 50;
/** Microseconds; Docker's own, where nothing else is said. */
export const usualPeriod = 100_000;

type Host = Pick<ContainerInspected["HostConfig"], "Memory" | "NanoCpus" | "CpuQuota" | "CpuPeriod">;

/** Bytes of memory that a container may use; null for as much as there is. */
export const memoryLimit = ({ Memory }: Host): number | null => (Memory && Memory < unlimitedMemory ? Memory : null);

/** Processors it may use: given directly (billionths), or as a quota of a period; null for all. */
export function cpuLimit({ NanoCpus, CpuQuota, CpuPeriod }: Host): number | null {
  if (NanoCpus) return NanoCpus / 1e9;
  return CpuQuota && CpuQuota > 0 ? CpuQuota / (CpuPeriod || usualPeriod) : null;
}
