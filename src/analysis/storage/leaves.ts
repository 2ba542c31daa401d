import { StewardError } from "../../shared/errors.ts";
import type { Pool, Vdev } from "../../systems/zfs/port.ts";
import { mayFail } from "./vdevs.ts";

/** A leaf of a pool, with the top-level vdev it belongs to and the vdev right above it. */
export interface LeafPlace {
  pool: Pool;
  top: Vdev;
  above: Vdev | null;
  leaf: Vdev;
}

export function* placesIn(pool: Pool): Generator<LeafPlace> {
  function* below(vdev: Vdev, above: Vdev | null, top: Vdev): Generator<LeafPlace> {
    if (vdev.children.length === 0) yield { pool, top, above, leaf: vdev };
    for (const child of vdev.children) yield* below(child, vdev, top);
  }
  for (const top of pool.vdevs) yield* below(top, null, top);
}

/**
 * The one leaf that is meant: by its guid or its name in the pool, or by the kernel's name of its disk.
 * Errors: not_found, ambiguous.
 */
export function findLeaf(pools: readonly Pool[], ...names: readonly string[]): LeafPlace {
  const meant = pools
    .flatMap((pool) => [...placesIn(pool)])
    .filter(({ leaf }) => names.some((name) => [leaf.guid, leaf.name, leaf.disk].includes(name)));
  const [found, second] = meant;
  if (found === undefined)
    throw new StewardError("not_found", "No pool has that disk.", "get_storage shows the disks of every vdev.");
  if (second !== undefined)
    throw new StewardError("ambiguous", "Several parts of that disk are in pools.", "Name the one by its guid.");
  return found;
}

/** The pool's leaf of a disk; null where no pool has it. */
export const leafOf = (pools: readonly Pool[], disk: string): LeafPlace | null =>
  pools.flatMap((pool) => [...placesIn(pool)]).find(({ leaf }) => leaf.disk === disk) ?? null;

/** Whether a child of a vdev still holds what it should; a spare or a replacement under way stands in for its disk. */
const works = (vdev: Vdev): boolean => (vdev.children.length === 0 ? isUp(vdev) : vdev.children.some(works));

/** A degraded leaf has counted errors and still works. */
export const isUp = ({ state }: Vdev): boolean => state === "online" || state === "degraded";

/** How many more disks of a top-level vdev may fail; null where its kind does not tell (dRAID). Negative: none is left. */
export function spareDisks(top: Vdev): number | null {
  const all = mayFail(top);
  return all === null ? null : all - top.children.filter((child) => !works(child)).length;
}
