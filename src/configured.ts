import type { Config, HostConfig } from "./config/schema.ts";
import type { SystemName } from "./tools/define.ts";

/** Which hosts have a system. Its own file: a server's first answer needs it, and none of the systems. */
export const hasSystem: Readonly<Record<SystemName, (host: HostConfig) => boolean>> = {
  accounts: ({ truenas, shell }) => truenas !== undefined || shell !== undefined,
  cgroup: ({ shell }) => shell !== undefined,
  network: ({ shell }) => shell !== undefined,
  docker: ({ docker }) => docker !== undefined,
  files: ({ shell }) => shell !== undefined,
  secretFiles: ({ shell, secrets_folder }) => shell !== undefined && secrets_folder !== undefined,
  smart: ({ truenas, shell }) => truenas !== undefined || shell !== undefined,
  zfs: ({ truenas, shell }) => truenas !== undefined || shell !== undefined,
};

const systemNames: readonly SystemName[] = [
  "accounts",
  "cgroup",
  "network",
  "docker",
  "files",
  "secretFiles",
  "smart",
  "zfs",
];

/** The systems that some host has. */
export const configuredSystems = ({ hosts }: Config): SystemName[] =>
  systemNames.filter((name) => hosts.some(hasSystem[name]));
