import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { openHome } from "./home.ts";
import { readOptions } from "./wrong-use.ts";

/** Tries everything that is configured. */
export const doctor: Command = async (args, surroundings) => {
  const { config } = readOptions(args, { config: { type: "string" } });
  await openHome(config, surroundings);
  return exitCodes.done.code;
};
