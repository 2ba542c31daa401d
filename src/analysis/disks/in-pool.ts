import type { Pool } from "../../systems/zfs/port.ts";
import { leavesOf } from "../storage/vdevs.ts";
import type { ZfsErrors } from "./assess.ts";

/** Where a disk stands in a pool, and what ZFS counted against it there. */
export interface PoolPlace {
  pool: string;
  /** The top-level vdev. */
  vdev: string;
  errors: ZfsErrors;
  /** What reads the whole pool just now. */
  scan: "scrub" | "resilver" | null;
}

/** Finds a disk among the leaves by its kernel name; null where no pool uses it. Several of its partitions add up. */
export function placeOf(pools: readonly Pool[], disk: string): PoolPlace | null {
  for (const { name, vdevs, scan } of pools)
    for (const vdev of vdevs) {
      const leaves = leavesOf([vdev]).filter((leaf) => leaf.disk === disk);
      if (leaves.length === 0) continue;
      const sum = (errors: (leaf: (typeof leaves)[number]) => number) =>
        leaves.reduce((total, leaf) => total + errors(leaf), 0);
      return {
        pool: name,
        vdev: vdev.name,
        scan: scan?.state === "running" ? scan.function : null,
        errors: {
          read: sum(({ read_errors }) => read_errors),
          write: sum(({ write_errors }) => write_errors),
          checksum: sum(({ checksum_errors }) => checksum_errors),
        },
      };
    }
  return null;
}
