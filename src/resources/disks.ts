import { asJsonObject } from "../shared/json.ts";
import { describeDisk, readDisks } from "../tools/storage/read-disks.ts";
import type { Complete, Resource } from "./define.ts";

/** Hosts whose disks are read, by what was typed. */
export const diskHostsStarting: Complete = async (typed, _given, { systems }) =>
  systems.smart.hosts.filter((host) => host.startsWith(typed));

/** All disks of one host, in short. */
export const disksResource: Resource = {
  name: "disks",
  title: "Disks of a host",
  description: "Every disk of one host in short, the worst first: model, slot, pool, temperature, SMART, tier.",
  template: "disks://{host}",
  needs: ["smart"],
  async list({ systems }) {
    return systems.smart.hosts.map((host) => ({ uri: `disks://${host}`, name: `Disks of ${host}` }));
  },
  complete: { host: diskHostsStarting },
  async read({ host }, context) {
    const { system, host: named } = context.systems.smart.one(host);
    const seen = await readDisks(system, named, context);
    return asJsonObject({ host: named, disks: seen.map((one) => describeDisk(named, one)) });
  },
};
