import type { Complete } from "./define.ts";

/** Hosts with Docker whose name starts with what was typed. */
export const hostsStarting: Complete = async (typed, _given, { systems }) =>
  systems.docker.hosts.filter((host) => host.startsWith(typed));
