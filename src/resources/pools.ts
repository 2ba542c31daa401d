import { describeStorage } from "../analysis/storage/describe.ts";
import { poolMark } from "../analysis/storage/mark.ts";
import { asJsonObject } from "../shared/json.ts";
import type { Complete, Resource } from "./define.ts";

/** Hosts with ZFS whose name starts with what was typed. */
export const zfsHostsStarting: Complete = async (typed, _given, { systems }) =>
  systems.zfs.hosts.filter((host) => host.startsWith(typed));

/** All pools of one host, in short. */
export const poolsResource: Resource = {
  name: "pools",
  title: "Pools of a host",
  description: "Every ZFS pool of one host in short: state, layout, usable space, scrub, snapshots, problems.",
  template: "pools://{host}",
  needs: ["zfs"],
  async list({ systems }) {
    return systems.zfs.hosts.map((host) => ({ uri: `pools://${host}`, name: `Pools on ${host}` }));
  },
  complete: { host: zfsHostsStarting },
  async mark({ host }, { systems, signal }) {
    return (await systems.zfs.one(host).system.pools(signal)).map(poolMark);
  },
  async read({ host }, { systems, clock, signal }) {
    const { system, host: named } = systems.zfs.one(host);
    const { pools } = describeStorage(await system.everything(signal), clock.now());
    return asJsonObject({ host: named, pools });
  },
};
