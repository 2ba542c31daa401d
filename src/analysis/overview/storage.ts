import type { DatasetFacts } from "../storage/datasets.ts";
import type { PoolFacts } from "../storage/describe.ts";
import type { Finding } from "./rank.ts";

/** The problems of one host's pools. */
export function storageFindings(host: string, pools: readonly PoolFacts[]): Finding[] {
  return pools.flatMap(({ pool, problems }) =>
    problems.map((problem) => ({
      ...problem,
      area: "storage",
      host,
      subject: pool,
      next: `get_storage of ${pool} with detail full shows its vdevs and datasets.`,
    })),
  );
}

/** How many there are, for the overview's counts. */
export function storageCounts(pools: readonly PoolFacts[], datasets: readonly DatasetFacts[]) {
  return {
    pools: pools.length,
    not_online: pools.filter(({ state }) => state !== "online").length,
    datasets: datasets.length,
    snapshots: pools.reduce((sum, { snapshots }) => sum + (snapshots ?? 0), 0),
  };
}
