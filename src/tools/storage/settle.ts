import { type Clock, systemClock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";

/** A connection that was cut is back soon, or it takes the gate's longer patience. */
const waits_ms = [0, 500, 1_000, 2_000, 4_000];

/**
 * Makes a change. One whose answer was lost may have been made all the same: then what can be read decides.
 *
 * @param isMade whether it can be seen
 */
export async function settled(
  change: () => Promise<void>,
  isMade: () => Promise<boolean>,
  clock: Clock = systemClock,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!isLost(error) || !(await seen(isMade, clock))) throw error;
  }
}

const isLost = (error: unknown) =>
  error instanceof StewardError && (error.code === "unreachable" || error.code === "timeout");

async function seen(isMade: () => Promise<boolean>, clock: Clock): Promise<boolean> {
  for (const wait of waits_ms) {
    await clock.sleep(wait);
    try {
      return await isMade();
    } catch (error) {
      if (!isLost(error)) return false;
    }
  }
  return false;
}
