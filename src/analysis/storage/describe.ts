import type { Pool, Storage, Vdev } from "../../systems/zfs/port.ts";
import { type DatasetFacts, describeDataset, inPool } from "./datasets.ts";
import { poolProblems, type StorageProblem, usedPercent } from "./problems.ts";
import { snapshotAges } from "./snapshots.ts";
import { vitalOf } from "./vdevs.ts";

/** A pool in short. Sizes are of what can be stored: parity and reserve are taken off. */
export interface PoolFacts {
  pool: string;
  problems: StorageProblem[];
  state: string;
  /** "raidz2 of 6 + mirror of 2 (special)" */
  layout: string;
  usable_bytes: number;
  used_bytes: number;
  available_bytes: number;
  used_percent: number;
  fragmentation_percent: number | null;
  scan: {
    function: string;
    state: string;
    done_percent: number;
    eta_s: number | null;
    /** ISO 8601 */
    ended_at: string | null;
    errors: number;
  } | null;
  /** null: they could not be listed. */
  snapshots: number | null;
}

/** One vdev of a tree that is told line by line: what every client can show. */
export interface VdevFacts extends Omit<Vdev, "children" | "path"> {
  depth: number;
}

/** The pools of one host with what is wrong with each, and the datasets. `now` in ms since 1970. */
export function describeStorage(
  { pools, datasets, snapshots, tasks, earlier }: Storage,
  now: number,
): { pools: PoolFacts[]; vdevs: Map<string, VdevFacts[]>; datasets: DatasetFacts[] } {
  const ages = snapshots && snapshotAges(datasets, snapshots, tasks, now);
  const ageOf = new Map(ages?.map((age) => [age.dataset, age]));
  return {
    pools: pools.map((pool) => {
      const own = ages?.filter(({ dataset }) => inPool(dataset, pool.name)) ?? null;
      const inside = datasets.filter(({ name }) => inPool(name, pool.name));
      return {
        pool: pool.name,
        problems: poolProblems(
          { pool, datasets: inside, snapshots: own, earlier: earlier.get(pool.guid) ?? null },
          now,
        ),
        state: pool.state,
        layout: layoutOf(pool),
        usable_bytes: pool.usable_bytes,
        used_bytes: pool.used_bytes,
        available_bytes: pool.available_bytes,
        used_percent: usedPercent(pool),
        fragmentation_percent: pool.fragmentation_percent,
        scan: scanOf(pool),
        snapshots: own?.reduce((sum, { count }) => sum + count, 0) ?? null,
      };
    }),
    vdevs: new Map(pools.map(({ name, vdevs }) => [name, flat(vdevs)])),
    datasets: datasets.map((dataset) => describeDataset(dataset, ageOf.get(dataset.name))),
  };
}

const weight = { critical: 0, warning: 1, info: 2 } as const;

/** Pools with the worst problems first; else as they came. */
export function worstFirst<T extends Pick<PoolFacts, "problems">>(pools: readonly T[]): T[] {
  const badness = ({ problems }: T) => Math.min(3, ...problems.map(({ severity }) => weight[severity]));
  return pools.toSorted((a, b) => badness(a) - badness(b));
}

function flat(vdevs: readonly Vdev[], depth = 0): VdevFacts[] {
  return vdevs.flatMap(({ children, path: _, ...vdev }) => [{ depth, ...vdev }, ...flat(children, depth + 1)]);
}

function scanOf({ scan }: Pool): PoolFacts["scan"] {
  if (scan === null) return null;
  const { function: what, state, done_percent, eta_s, ended_at, errors } = scan;
  return {
    function: what,
    state,
    done_percent,
    eta_s,
    ended_at: ended_at === null ? null : new Date(ended_at).toISOString(),
    errors,
  };
}

/** Data first, then the others as they come. */
function layoutOf(pool: Pool): string {
  const vital = vitalOf(pool);
  const times = new Map<string, number>();
  for (const vdev of [...vital, ...pool.vdevs.filter((one) => !vital.includes(one))]) {
    const many = vdev.children.length === 0 ? "disk" : `${vdev.type} of ${vdev.children.length}`;
    const key = vdev.class === "data" ? many : `${many} (${vdev.class})`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return [...times].map(([key, count]) => (count > 1 ? `${count} × ${key}` : key)).join(" + ");
}
