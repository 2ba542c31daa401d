import type { Clock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import type { EarlierErrors, ErrorMemory, Pool, Vdev, Zfs } from "./port.ts";

/** How long a reading is what later ones are held against, before a later one takes its place. */
const day_ms = 86_400_000;

/** Adds the reading of all at once, which is held against an earlier one. */
export function withEverything(zfs: Omit<Zfs, "everything">, clock: Clock, memory: ErrorMemory): Zfs {
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
      const at = clock.now();
      const earlier = pools.flatMap((pool) => {
        const before = compared(memory, pool, at);
        return before === null ? [] : [[pool.guid, before] as const];
      });
      return { pools, datasets, snapshots, tasks, earlier: new Map(earlier) };
    },
  };
}

/** What a pool is held against. It is judged all the same where the memory can't be used. */
function compared(memory: ErrorMemory, { guid, vdevs }: Pool, at: number): EarlierErrors | null {
  try {
    const before = memory.before(guid);
    const counts = Object.fromEntries(vdevs.flatMap(countsIn));
    // Where they were cleared meanwhile, growth counts from there.
    const cleared = Object.entries(counts).some(([leaf, count]) => count < (before?.counts[leaf] ?? 0));
    if (before === null || cleared || at - before.at >= day_ms) memory.keep(guid, { at, counts });
    return before;
  } catch (error) {
    if (error instanceof StewardError) return null;
    throw error;
  }
}

const countsIn = ({ guid, children, ...errors }: Vdev): [string, number][] =>
  children.length > 0
    ? children.flatMap(countsIn)
    : [[guid, errors.read_errors + errors.write_errors + errors.checksum_errors]];

/** For as long as the process lives. */
export function shortMemory(): ErrorMemory {
  const known = new Map<string, EarlierErrors>();
  return { before: (pool) => known.get(pool) ?? null, keep: (pool, errors) => void known.set(pool, errors) };
}
