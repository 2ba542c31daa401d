import { spawn } from "node:child_process";
import type { Watch } from "../confirm/gate.ts";
import { guardUntilOrphaned, OVER } from "../confirm/guardian.ts";
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
      const { unknown } = await steward.gate.recover();
      if (unknown > 0) steward.log.warn("An interrupted plan could not be settled; the next start tries again.");
    } finally {
      await close();
    }
  });
  return exitCodes.done.code;
};

/**
 * Starts that watcher: a process of its own group, so that what ends this one does not end it too. It holds a pipe
 * whose other end is here. `onError` hears when it cannot be started; the plan runs all the same.
 */
export function startGuard(main: string, args: readonly string[], onError: (error: Error) => void): Watch {
  const child = spawn(process.execPath, [main, "guard", ...args], {
    detached: true,
    windowsHide: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.on("error", onError);
  child.stdin.on("error", () => {}); // it ended before us: nobody is told anything then
  child.unref();
  return { over: () => void child.stdin.end(OVER) };
}
