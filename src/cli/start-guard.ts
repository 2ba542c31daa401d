import { spawn } from "node:child_process";
import type { Watch } from "../confirm/gate.ts";
import { OVER } from "../confirm/guardian.ts";

/**
 * Starts `home-steward guard` over a plan that runs here: a process of its own group, so that what ends this one does
 * not end it too. It holds a pipe whose other end is here. `onError` hears when it cannot be started; the plan runs all
 * the same.
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
