import { ConfigError } from "../config/problem.ts";
import { StewardError } from "../shared/errors.ts";
import type { Surroundings } from "./command.ts";
import { type CommandEntry, commands } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { help } from "./help.ts";
import { version } from "./version.ts";
import { WrongUse } from "./wrong-use.ts";

/** Runs one command line. Answers the exit code; errors end up as words on stderr. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdin, stdout, stderr } = surroundings;
  const [first] = args;
  if (first === "--help" || first === "-h" || first === "help" || (first === undefined && stdin.isTTY)) {
    stdout.write(help());
    return exitCodes.done.code;
  }
  if (first === "--version" || first === "-v") {
    stdout.write(`${version()}\n`);
    return exitCodes.done.code;
  }
  const { entry, rest } = find(first === undefined || first.startsWith("-") ? ["serve", ...args] : args);
  if (!entry) {
    stderr.write(`There is no such command. "home-steward --help" lists all.\n`);
    return exitCodes.wrongUse.code;
  }
  try {
    return await (await entry.load())(rest, surroundings);
  } catch (error) {
    return say(error, entry, stderr);
  }
}

function find(args: readonly string[]): { entry: CommandEntry | undefined; rest: readonly string[] } {
  const words = (count: number) => args.slice(0, count).join(" ");
  const entry = commands.find(({ name }) => name === words(name.split(" ").length));
  return { entry, rest: args.slice(entry?.name.split(" ").length) };
}

function say(error: unknown, entry: CommandEntry, stderr: Surroundings["stderr"]): number {
  if (error instanceof WrongUse) {
    stderr.write(`${error.message}\nUsage: home-steward ${entry.usage}\n`);
    return exitCodes.wrongUse.code;
  }
  if (error instanceof ConfigError) {
    stderr.write(`${error.message}\n`);
    return exitCodes.badConfig.code;
  }
  if (error instanceof StewardError) stderr.write(`${error.message} ${error.fix}\n`);
  else stderr.write(`Home Steward made a mistake: ${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.failed.code;
}
