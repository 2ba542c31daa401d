import { inPool } from "../analysis/storage/datasets.ts";
import { describeStorage } from "../analysis/storage/describe.ts";
import { poolMark } from "../analysis/storage/mark.ts";
import { StewardError } from "../shared/errors.ts";
import { asJsonObject } from "../shared/json.ts";
import type { Resource } from "./define.ts";
import { zfsHostsStarting } from "./pools.ts";

/** One pool with its vdevs and datasets. */
export const poolResource: Resource = {
  name: "pool",
  title: "One pool",
  description: "One ZFS pool in full: state, space, scrub, vdevs with error counters, datasets, snapshots, problems.",
  template: "pool://{host}/{pool}",
  needs: ["zfs"],
  async list({ systems, signal }) {
    const answers = await systems.zfs.each((zfs) => zfs.pools(signal));
    return answers.flatMap((answer) =>
      answer.ok
        ? answer.value.map(({ name }) => ({
            uri: `pool://${answer.host}/${encodeURIComponent(name)}`,
            name: `${name} on ${answer.host}`,
          }))
        : [],
    );
  },
  complete: {
    host: zfsHostsStarting,
    async pool(typed, { host }, { systems, signal }) {
      const answers = await systems.zfs.each((zfs) => zfs.pools(signal), host);
      const names = answers.flatMap((answer) => (answer.ok ? answer.value.map(({ name }) => name) : []));
      return [...new Set(names)].filter((name) => name.startsWith(typed)).sort();
    },
  },
  async mark({ host, pool }, { systems, signal }) {
    const found = (await systems.zfs.one(host).system.pools(signal)).find(({ name }) => name === pool);
    return found ? poolMark(found) : "gone";
  },
  async read({ host, pool = "" }, { systems, clock, signal }) {
    const { system, host: named } = systems.zfs.one(host);
    const { pools, datasets, vdevs } = describeStorage(await system.everything(signal), clock.now());
    const facts = pools.find((one) => one.pool === pool);
    if (facts === undefined)
      throw new StewardError("not_found", "That host has no pool of that name.", `See pools://${named}.`);
    return asJsonObject({
      host: named,
      ...facts,
      vdevs: vdevs.get(pool) ?? [],
      datasets: datasets.filter(({ dataset }) => inPool(dataset, pool)),
    });
  },
};
