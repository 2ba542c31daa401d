import type { Pool, Vdev } from "../../systems/zfs/port.ts";

export function leavesOf(vdevs: readonly Vdev[]): Vdev[] {
  return vdevs.flatMap((vdev) => (vdev.children.length === 0 ? [vdev] : leavesOf(vdev.children)));
}

/** The vdevs without which the pool is lost: data, special and dedup; not log, cache and spares. */
export const vitalOf = ({ vdevs }: Pool): Vdev[] =>
  vdevs.filter((vdev) => vdev.class === "data" || vdev.class === "special" || vdev.class === "dedup");

const parity: Readonly<Record<string, number>> = { raidz1: 1, raidz2: 2, raidz3: 3 };

/** How many disks of a top-level vdev may fail when all its disks work; null where its name does not tell (dRAID). */
export function mayFail({ type, children }: Vdev): number | null {
  if (type === "mirror") return children.length - 1;
  if (type === "draid") return null;
  return parity[type] ?? 0;
}

/** How a leaf is called: by the kernel where that is known, else as the pool has it. */
export const calledLeaf = ({ disk, name }: Vdev): string => disk ?? name;
