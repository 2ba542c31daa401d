import type { Command } from "./command.ts";
import { serveDemo } from "./demo.ts";
import { openHome } from "./home.ts";
import { keepOpen } from "./keep-open.ts";
import { readOptions } from "./wrong-use.ts";

/** MCP over HTTP and the approval page. Where nothing is configured and nothing is found, the demo home. */
export const daemon: Command = async (args, surroundings) => {
  const { config } = readOptions(args, { config: { type: "string" } });
  const home = await openHome(config, surroundings);
  if (home.found?.hosts.length === 0) return serveDemo(surroundings, home.found);
  return keepOpen(home, surroundings);
};
