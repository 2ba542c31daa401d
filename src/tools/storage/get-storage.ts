import { z } from "zod";
import { inPool } from "../../analysis/storage/datasets.ts";
import { describeStorage, worstFirst } from "../../analysis/storage/describe.ts";
import { sayBytes } from "../../analysis/storage/words.ts";
import { readingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { pageInOrder } from "../docker/page.ts";
import { saySilent, silentHosts, silentOf } from "../docker/shapes.ts";
import { datasetShape, poolShape } from "./storage-shapes.ts";

/** Pools of all hosts, those with problems first; with detail full also the vdevs and the datasets. */
export const getStorage = readingTool({
  name: "get_storage",
  title: "Storage",
  description:
    "ZFS pools of all hosts, problems first: state, layout, usable space, fragmentation, scrub or resilver, snapshots. " +
    "detail full adds vdevs with error counters, and datasets (limit, cursor).",
  toolset: "storage",
  needs: ["zfs"],
  input: z.strictObject({
    host: hostName.optional(),
    pool: z.string().max(255).optional(),
    detail: z.enum(["small", "full"]).optional(),
    limit: z.int().min(1).max(200).optional(),
    cursor: z.string().max(20).optional(),
  }),
  output: z.object({
    pools: z.array(poolShape),
    datasets: z.array(datasetShape).optional(),
    total_datasets: z.number(),
    next_cursor: z.string().optional(),
    silent_hosts: silentHosts,
  }),
  async read(input, { systems, clock, signal }) {
    const answers = await systems.zfs.each(
      async (zfs) => describeStorage(await zfs.everything(signal), clock.now()),
      input.host,
    );
    const read = answers.flatMap((answer) => (answer.ok ? [{ host: answer.host, ...answer.value }] : []));
    const wanted = (name: string) => input.pool === undefined || inPool(name, input.pool);
    const full = input.detail === "full";
    const pools = read.flatMap(({ host, pools, vdevs }) =>
      pools
        .filter(({ pool }) => wanted(pool))
        .map((facts) => ({ host, ...facts, ...(full && { vdevs: vdevs.get(facts.pool) ?? [] }) })),
    );
    const datasets = read.flatMap(({ host, datasets }) =>
      datasets.filter(({ dataset }) => wanted(dataset)).map((facts) => ({ host, ...facts })),
    );
    const { shown, total, ...page } = pageInOrder(datasets, input.limit ?? 50, input.cursor);
    return {
      pools: worstFirst(pools),
      ...(full && { datasets: shown, ...page }),
      total_datasets: total,
      silent_hosts: silentOf(answers),
    };
  },
  say: ({ pools, datasets, total_datasets, next_cursor, silent_hosts }) =>
    [
      `${pools.length} pools, ${total_datasets} datasets${next_cursor === undefined ? "" : `, ${datasets?.length} shown (cursor ${next_cursor} gives more)`}.`,
      ...saySilent(silent_hosts),
      ...pools.map(({ host, pool, state, layout, used_percent, usable_bytes, problems }) => {
        const trouble = problems.map(({ what, evidence }) => `${what} (${evidence})`).join("; ");
        const space = `${used_percent} % of ${sayBytes(usable_bytes)} used`;
        return `- ${pool} on ${host}: ${state}, ${layout}, ${space}${trouble ? `: ${trouble}` : ""}`;
      }),
    ].join("\n"),
});
