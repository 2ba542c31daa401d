import { uncountable } from "../../analysis/bandwidth/countable.ts";
import { type Rate, rateBetween } from "../../analysis/bandwidth/rates.ts";
import { ownName } from "../../analysis/containers/names.ts";
import { eachLimited, limiter } from "../../shared/concurrency.ts";
import { asProblem } from "../../shared/errors.ts";
import type { Docker } from "../../systems/docker/port.ts";
import type { ToolContext } from "../define.ts";

export interface Measured {
  name: string;
  rate: Rate | null;
  /** Why there is none. */
  reason: string | null;
}

/** As many at once as a connection to an engine carries; the waiting in between is not counted. */
const atOnce = 64;
/** Engines up to 20.10 at least collect once a second, and answer with the next collection. Newer ones take some ms. */
const tick_ms = 1000;

/**
 * Measures all containers of one engine over the same window. Each one's two samples are taken `window_ms` apart, and its
 * rate counts the time that the engine says passed between them.
 */
export async function sampleBandwidth(
  docker: Pick<Docker, "list" | "network">,
  window_ms: number,
  { clock, signal }: Pick<ToolContext, "clock" | "signal">,
): Promise<Measured[]> {
  const listed = await docker.list(signal);
  const names = new Map(listed.map(({ Id, Names }) => [Id, ownName(Names)]));
  const turn = limiter(atOnce);
  return eachLimited(listed, listed.length, async ({ Id, Names, State, HostConfig }): Promise<Measured> => {
    const name = ownName(Names);
    const reason = uncountable(State, HostConfig?.NetworkMode ?? "default", (id) => names.get(id));
    if (reason !== null) return { name, rate: null, reason };
    try {
      const asked = async () => {
        const begun_ms = clock.monotonic();
        return { sample: await docker.network(Id, signal), took_ms: clock.monotonic() - begun_ms };
      };
      const { sample: first, took_ms } = await turn(asked);
      // Asked again at the window's end, such an engine would answer a tick later.
      await clock.sleep(took_ms < tick_ms ? window_ms : Math.max(0, window_ms - took_ms), signal);
      const rate = rateBetween(first, await turn(() => docker.network(Id, signal)));
      return "reason" in rate ? { name, rate: null, reason: rate.reason } : { name, rate, reason: null };
    } catch (error) {
      if (signal.aborted) throw error;
      return { name, rate: null, reason: asProblem(error).message };
    }
  });
}
