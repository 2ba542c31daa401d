import type { Readable } from "node:stream";

/** What the parent writes when its plan has ended by itself. */
export const OVER = "over\n";

/**
 * The work of `home-steward guard`: a child of a process that runs a plan holds a pipe to it. The pipe ends when the
 * parent does, however it does; if it did not say "over" before, the plan is looked after at once instead of at the
 * next start. `recover` finds nothing to do when the plan had ended all the same.
 */
export async function guardUntilOrphaned(
  fromParent: Readable,
  recover: () => Promise<unknown>,
): Promise<"over" | "recovered"> {
  let said = "";
  fromParent.setEncoding("utf8");
  try {
    for await (const chunk of fromParent) said += String(chunk);
  } catch {
    // a broken pipe is an end like another
  }
  if (said.endsWith(OVER)) return "over";
  await recover();
  return "recovered";
}
