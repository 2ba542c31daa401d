import type { Clock } from "../shared/clock.ts";

export interface Repeated {
  /** Ends it; resolves when the run under way has ended. */
  stop(): Promise<void>;
}

/** Does `work` again and again, first after `first_ms`, then every so often. What it throws goes to `onError`; it goes on. */
export function repeat(
  work: (signal: AbortSignal) => Promise<unknown>,
  {
    first_ms,
    every_ms,
    clock,
    onError,
  }: {
    first_ms: number;
    every_ms: number;
    clock: Pick<Clock, "sleep">;
    onError(error: unknown): void;
  },
): Repeated {
  const ending = new AbortController();
  const { signal } = ending;
  const run = async () => {
    for (let pause = first_ms; !signal.aborted; pause = every_ms) {
      await clock.sleep(pause, signal).catch(() => {});
      if (!signal.aborted) await work(signal).catch(onError);
    }
  };
  const ended = run();
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}
