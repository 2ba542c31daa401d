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

/** As many at once as an engine answers without queueing; the waiting in between is not counted. */
const atOnce = 32;

/**
 * Measures all containers of one engine over the same window. Each one's two samples are taken `window_ms` apart, and its
 * rate counts the time that the engine says passed between them.
 */
export async function sampleBandwidth(docker: Docker, window_ms: number, context: ToolContext): Promise<Measured[]> {
  const { clock, signal } = context;
  const listed = await docker.list(signal);
  const names = new Map(listed.map(({ Id, Names }) => [Id, ownName(Names)]));
  const turn = limiter(atOnce);
  return eachLimited(listed, listed.length, async ({ Id, Names, State, HostConfig }): Promise<Measured> => {
    const name = ownName(Names);
    const reason = uncountable(State, HostConfig?.NetworkMode ?? "default", (id) => names.get(id));
    if (reason !== null) return { name, rate: null, reason };
    try {
      const first = await turn(() => docker.network(Id, signal));
      await clock.sleep(window_ms, signal);
      const rate = rateBetween(first, await turn(() => docker.network(Id, signal)));
      return "reason" in rate ? { name, rate: null, reason: rate.reason } : { name, rate, reason: null };
    } catch (error) {
      if (signal.aborted) throw error;
      return { name, rate: null, reason: asProblem(error).message };
    }
  });
}
