import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command line was not understood. */
export class WrongUse extends Error {}

/** The options of a command that takes no other arguments. Errors: {@link WrongUse}. */
export function readOptions<const T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message.split("\n", 1)[0] : "", { cause: error });
  }
}
