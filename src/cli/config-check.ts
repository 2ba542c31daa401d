import { loadConfig } from "../config/load.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { readOptions } from "./wrong-use.ts";

/** Reads the configuration. Its errors are thrown, and said by whoever runs commands. */
export const configCheck: Command = async (args, { env, platform, stdout, stderr }) => {
  const { config: named } = readOptions(args, { config: { type: "string" } });
  const { config, file, warnings } = await loadConfig({
    env,
    platform,
    ...(named === undefined ? {} : { file: named }),
  });
  for (const warning of warnings) stderr.write(`${warning}\n`);
  const hosts = config.hosts.map((host) => host.name).join(", ") || "none";
  stdout.write(`${file ?? "No configuration file; environment and defaults"}: in order. Hosts: ${hosts}.\n`);
  return exitCodes.done.code;
};
