import type { Zfs } from "./port.ts";

/** Adds the reading of all at once. */
export function withEverything(zfs: Omit<Zfs, "everything">): Zfs {
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
      return { pools, datasets, snapshots, tasks };
    },
  };
}
