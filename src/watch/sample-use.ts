import { ownName } from "../analysis/containers/names.ts";
import type { Clock } from "../shared/clock.ts";
import { eachLimited } from "../shared/concurrency.ts";
import type { Store } from "../store/open.ts";
import type { UseRow } from "../store/use.ts";
import type { Docker } from "../systems/docker/port.ts";
import type { Fleet } from "../systems/fleet.ts";
import { claim } from "./claim.ts";

/** Few at once: nobody waits for it. */
const atOnce = 2;
const mark = "use_sampled_at";

/**
 * Keeps what each running container uses now, once: what enforce_quotas holds its limits against. Hosts and containers that
 * can't be read are left for the next time. Answers how many were kept.
 */
export async function sampleUse(options: {
  docker: Fleet<Docker>;
  store: Store;
  clock: Pick<Clock, "now">;
  every_ms: number;
  signal: AbortSignal;
}): Promise<number> {
  const { docker, store, clock, every_ms, signal } = options;
  if (!claim(store, mark, clock.now(), every_ms)) return 0;
  const answers = await docker.each(async (engine, host) => {
    const running = (await engine.list(signal)).filter(({ State }) => State === "running");
    return eachLimited(running, atOnce, async ({ Id, Names }): Promise<UseRow | null> => {
      const read = await Promise.all([engine.inspect(Id, signal), engine.use(Id, signal)]).catch(() => null);
      if (read === null) return null;
      const [container, { memory_bytes, cpu_ns }] = read;
      const run = `${Id} ${container.State.StartedAt}`;
      return { host, container: ownName(Names), run, at: clock.now(), cpu_ns, memory_bytes };
    });
  });
  const rows = answers.flatMap((answer) => (answer.ok ? answer.value : [])).filter((row) => row !== null);
  for (const row of rows) store.use.add(row);
  return rows.length;
}
