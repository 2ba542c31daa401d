import type { Clock } from "../../src/shared/clock.ts";

export interface FakeClock extends Clock {
  /** Time goes by: sleepers whose time has come wake, in order. */
  advance(ms: number): Promise<void>;
  /** Only the wall clock is moved, as by a person or a time server. */
  setBack(ms: number): void;
}

/** A clock that stands still until it is told otherwise. */
export function fakeClock(start = Date.UTC(2027, 0, 15, 12)): FakeClock {
  let wall = start;
  let lived = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => wall,
    monotonic: () => lived,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        sleepers.push({ at: lived + ms, wake: resolve });
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
    async advance(ms) {
      const end = lived + ms;
      for (;;) {
        const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
        const to = next && next.at <= end ? Math.max(next.at, lived) : end;
        wall += to - lived;
        lived = to;
        if (!next || next.at > end) break;
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        next.wake();
        for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
      }
    },
    setBack(ms) {
      wall -= ms;
    },
  };
}
