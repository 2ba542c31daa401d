import type { Clock } from "../../../src/shared/clock.ts";

export interface FakeClock extends Clock {
  /** Both clocks go on, and sleeps that are over end. */
  advance(ms: number): void;
  /** The wall clock is set, the monotonic one goes on. */
  setWall(ms: number): void;
}

export const noon = Date.parse("2026-11-20T12:00:00.000Z");

export function fakeClock(): FakeClock {
  let wall = noon;
  let monotonic = 1000;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => wall,
    monotonic: () => monotonic,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: monotonic + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance(ms) {
      wall += ms;
      monotonic += ms;
      for (const sleeper of sleepers)
        if (sleeper.until <= monotonic) {
          sleepers.delete(sleeper);
          sleeper.wake();
        }
    },
    setWall(ms) {
      wall = ms;
    },
  };
}
