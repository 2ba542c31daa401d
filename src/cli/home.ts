import { homedir } from "node:os";
import { stateFolder } from "../config/folders.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { discover, type Found } from "../discover.ts";
import type { Surroundings } from "./command.ts";

/** The home a command works on. */
export interface Home extends LoadedConfig {
  /** The state folder. */
  folder: string;
  /** What was found here; looked for only where nothing is configured. */
  found: Found | null;
}

/** Reads the configuration; where no host is configured, takes what is found on this machine. */
export async function openHome(file: string | undefined, { env, platform }: Surroundings): Promise<Home> {
  const loaded = await loadConfig({ env, platform, ...(file === undefined ? {} : { file }) });
  const folder = stateFolder({ env, platform, home: homedir() });
  if (loaded.file !== null || loaded.config.hosts.length > 0) return { ...loaded, folder, found: null };
  const found = await discover({ env, platform, home: homedir() });
  const config = { ...loaded.config, hosts: found.hosts };
  return { ...loaded, config, folder, found };
}
