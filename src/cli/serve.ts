import { homedir } from "node:os";
import { stateFolder } from "../config/folders.ts";
import type { Command } from "./command.ts";
import { cacheCompiledCode } from "./compile-cache.ts";
import { exitCodes } from "./exit-codes.ts";
import { untilSignalled } from "./signals.ts";
import { readOptions } from "./wrong-use.ts";

/** MCP over stdin and stdout. The approval page is opened with the first plan, unless another process serves it. */
export const serve: Command = async (args, surroundings) => {
  const { config } = readOptions(args, { config: { type: "string" } });
  cacheCompiledCode(stateFolder({ ...surroundings, home: homedir() }));
  const [{ openHome }, { openHouse }, { mcpServer }, { serveStreams }] = await Promise.all([
    import("./home.ts"),
    import("../open-house.ts"),
    import("../mcp/server.ts"),
    import("../mcp/stdio.ts"),
  ]);
  const home = await openHome(config, surroundings);
  const house = openHouse(home, surroundings);
  const { steward, close } = house;
  for (const warning of home.warnings) steward.log.warn(warning);
  house.lookAfterPlans();
  house.lookAfterDisks();
  house.lookAfterUse();
  house.lookAfterGrants();
  const stop = untilSignalled();
  await serveStreams(mcpServer(steward.house), {
    stdin: surroundings.stdin,
    stdout: surroundings.stdout,
    signal: stop.signal,
    onError: (error) => steward.log.debug(`protocol: ${error.message}`),
  });
  stop.forget();
  await close();
  return exitCodes.done.code;
};
