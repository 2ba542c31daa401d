import { asJsonObject, type JsonObject } from "../shared/json.ts";
import { describeDisk, readDisks, type SeenDisk } from "../tools/storage/read-disks.ts";
import type { Complete, Resource } from "./define.ts";

/** Hosts whose disks are read, by what was typed. */
export const diskHostsStarting: Complete = async (typed, _given, { systems }) =>
  systems.smart.hosts.filter((host) => host.startsWith(typed));

/**
 * What of a disk has to change before somebody is told: not its temperature and hours, nor that it fell asleep, which
 * only keeps quiet how well it is.
 */
export function diskMark(host: string, seen: SeenDisk): JsonObject {
  const { disk, serial, tier, pool } = describeDisk(host, seen);
  return { disk, serial, pool, tier: tier === "unknown" && seen.reading.state === "standby" ? "ok" : tier };
}

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
  async mark({ host }, context) {
    const { system, host: named } = context.systems.smart.one(host);
    return (await readDisks(system, named, context)).map((one) => diskMark(named, one));
  },
  async read({ host }, context) {
    const { system, host: named } = context.systems.smart.one(host);
    const seen = await readDisks(system, named, context);
    return asJsonObject({ host: named, disks: seen.map((one) => describeDisk(named, one)) });
  },
};
