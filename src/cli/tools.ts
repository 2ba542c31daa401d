import { listTool } from "../mcp/listing.ts";
import { tools } from "../tools/registry.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { readOptions, WrongUse } from "./wrong-use.ts";

/** Every tool as tools/list gives it with everything configured: documentation, snapshots and budgets come from this. */
export const listTools: Command = async (args, { stdout }) => {
  if (readOptions(args, { json: { type: "boolean" } }).json !== true) throw new WrongUse("tools needs --json.");
  stdout.write(`${JSON.stringify({ tools: tools.map(listTool) }, null, 2)}\n`);
  return exitCodes.done.code;
};
