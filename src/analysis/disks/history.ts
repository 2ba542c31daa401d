import { type Counters, counterNames, noCounters } from "./counters.ts";

/** What a drive said on one day. Days may be fractions and count from any origin, the same for all of a history. */
export interface Reading {
  day: number;
  /** Hours, null when the drive gave none or gave nonsense. */
  power_on_hours: number | null;
  counters: Counters;
}

/**
 * Puts readings in order of time and fills what one of them left out from the one before: a value that was not read
 * (or, for 188, came packed beyond what its recorder could hold) has not gone back to zero. Of several readings on
 * one day the last given counts last. Readings without a usable day are left out.
 */
export function orderHistory(readings: readonly Reading[]): Reading[] {
  const usable = readings.filter((reading) => Number.isFinite(reading.day));
  if (usable.some((reading, i) => i > 0 && reading.day < (usable[i - 1]?.day ?? 0)))
    usable.sort((a, b) => a.day - b.day);
  let last = noCounters;
  return usable.map((reading) => {
    const counters = { ...reading.counters };
    for (const name of counterNames) counters[name] ??= last[name];
    last = counters;
    return { ...reading, counters };
  });
}

/**
 * The history as if the drive had been new and clean on `day`, when its owner acknowledged what it had counted by
 * then. Only what came after speaks.
 */
export function sinceAcknowledged(ordered: readonly Reading[], day: number): Reading[] {
  const known = ordered.findLast((reading) => reading.day <= day)?.counters ?? noCounters;
  const beyond = (reading: Reading): Counters => {
    const counters = { ...reading.counters };
    for (const name of counterNames) {
      const now = counters[name];
      if (now !== null) counters[name] = Math.max(0, now - (known[name] ?? 0));
    }
    return counters;
  };
  const after = ordered.filter((reading) => reading.day > day);
  const clean = beyond({ day, power_on_hours: null, counters: known });
  return [{ day, power_on_hours: null, counters: clean }, ...after.map((r) => ({ ...r, counters: beyond(r) }))];
}
