import type { Clock } from "../../shared/clock.ts";
import type { EarlierPools, Zfs } from "./port.ts";

/** How long a reading is what later ones are held against, before a later one takes its place. */
const day_ms = 86_400_000;

/** Adds the reading of all at once, which remembers an earlier one. */
export function withEverything(zfs: Omit<Zfs, "everything">, clock: Clock): Zfs {
  let remembered: EarlierPools | null = null;
  return {
    ...zfs,
    async everything(signal) {
      const [pools, datasets, snapshots, tasks] = await Promise.all([
        zfs.pools(signal),
        zfs.datasets(signal),
        // That a disk has failed has to be told also where a long list of snapshots does not come.
        zfs.snapshots({}, signal).catch(() => null),
        zfs.snapshotTasks(signal).catch(() => null),
      ]);
      const earlier = remembered;
      const at = clock.now();
      if (earlier === null || at - earlier.at >= day_ms) remembered = { at, pools };
      return { pools, datasets, snapshots, tasks, earlier };
    },
  };
}
