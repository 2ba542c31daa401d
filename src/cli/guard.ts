import { guardUntilOrphaned } from "../confirm/guardian.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { openHome } from "./home.ts";
import { readOptions } from "./wrong-use.ts";

/**
 * Watches over a plan that another process runs, and looks after it when that process dies. Started by it, never by a
 * person. The systems are only opened when there is something to do.
 */
export const guard: Command = async (args, surroundings) => {
  const { config } = readOptions(args, { config: { type: "string" } });
  await guardUntilOrphaned(surroundings.stdin, async () => {
    const { openHouse } = await import("../open-house.ts");
    const { steward, close } = openHouse(await openHome(config, surroundings), surroundings);
    try {
      const { unknown } = await (await steward.gate()).recover();
      if (unknown > 0) steward.log.warn("An interrupted plan could not be settled; the next start tries again.");
    } finally {
      await close();
    }
  });
  return exitCodes.done.code;
};
