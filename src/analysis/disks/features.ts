import { type CounterName, counterNames } from "./counters.ts";
import type { Reading } from "./history.ts";

/** What is asked of every counter's history. `peak_90d` remembers that clearing a pending sector is not recovery. */
const questions = ["level", "peak_90d", "rise_30d", "rise_90d", "days_since_rise"] as const;
/** Asked of the three counters that speak of the medium itself (command timeouts are mostly cable and host). */
const together = ["any.present", "any.risen_30d", "any.days_since_rise"] as const;

export type FeatureName = `${CounterName}.${(typeof questions)[number]}` | (typeof together)[number];

export const featureNames: readonly FeatureName[] = [
  ...counterNames.flatMap((name) => questions.map((question) => `${name}.${question}` as const)),
  ...together,
];

/** Features hold from `from` (a day) until the next stretch begins; in the order of {@link featureNames}. */
export interface Stretch {
  from: number;
  features: Float64Array;
}

/** A window of `days` is over when `since` days have passed; fractions of a day add up with rounding errors. */
export const over = (days: number, since: number): boolean => since >= days - 1e-6;

/** One counter's history up to the day that was last reached. An absent counter's features are NaN: no bin holds them. */
class Track {
  level = Number.NaN;
  lastRise = Number.NEGATIVE_INFINITY;
  readonly #rises: { day: number; by: number }[] = [];
  readonly #falls: { day: number; from: number }[] = [];
  #month = { first: 0, sum: 0 };
  #quarter = { first: 0, sum: 0 };

  /** Takes the next value. The first known value is a level, never a rise. */
  take(day: number, value: number | null): void {
    if (value === null || value === this.level) return;
    if (value > this.level) {
      this.#rises.push({ day, by: value - this.level });
      this.#month.sum += value - this.level;
      this.#quarter.sum += value - this.level;
      this.lastRise = day;
    }
    if (value < this.level) this.#falls.push({ day, from: this.level });
    this.level = value;
  }

  write(into: Float64Array, at: number, day: number): void {
    into[at] = this.level;
    into[at + 1] = this.#peak(day);
    into[at + 2] = this.#sum(this.#month, 30, day);
    into[at + 3] = this.#sum(this.#quarter, 90, day);
    into[at + 4] = day - this.lastRise;
  }

  #sum(window: { first: number; sum: number }, days: number, day: number): number {
    for (let rise = this.#rises[window.first]; rise && over(days, day - rise.day); rise = this.#rises[window.first]) {
      window.sum -= rise.by;
      window.first += 1;
    }
    return window.sum;
  }

  #peak(day: number): number {
    let peak = this.level;
    for (let i = this.#falls.length - 1; i >= 0; i -= 1) {
      const fall = this.#falls[i];
      if (!fall || over(90, day - fall.day)) break;
      peak = Math.max(peak, fall.from);
    }
    return peak;
  }
}

/** Days after a rise or a fall on which a feature may change by itself; a superset does no harm. */
export const dayWindows = [3, 7, 14, 30, 60, 90, 180, 365] as const;

/** Every day on which features can change: a counter did, or a window over an earlier change closes. */
function turningDays(ordered: readonly Reading[]): Float64Array {
  const days: number[] = [];
  const last = counterNames.map((): number | null => null);
  for (const { day, counters } of ordered) {
    let changed = days.length === 0;
    let moved = false;
    counterNames.forEach((name, i) => {
      const value = counters[name];
      if (value === null || value === last[i]) return;
      changed = true;
      moved ||= last[i] !== null;
      last[i] = value;
    });
    if (changed) days.push(day);
    if (moved) for (const after of dayWindows) days.push(day + after);
  }
  return Float64Array.from(new Set(days)).sort();
}

/**
 * A drive's features through time, piecewise constant, oldest first. What holds on a day follows from the readings up
 * to that day alone. `ordered` is what {@link import("./history.ts").orderHistory} gives.
 */
export function* traceFeatures(ordered: readonly Reading[]): Generator<Stretch> {
  const tracks = counterNames.map(() => new Track());
  const media = tracks.filter((_, i) => counterNames[i] !== "command_timeouts");
  let next = 0;
  for (const day of turningDays(ordered)) {
    for (let reading = ordered[next]; reading && reading.day <= day; reading = ordered[next]) {
      for (const [i, name] of counterNames.entries()) tracks[i]?.take(reading.day, reading.counters[name]);
      next += 1;
    }
    const features = new Float64Array(featureNames.length);
    for (const [i, track] of tracks.entries()) track.write(features, i * questions.length, day);
    const newest = Math.max(...media.map((track) => track.lastRise));
    features[featureNames.length - 3] = media.filter((track) => track.level > 0).length;
    features[featureNames.length - 2] = media.filter((track) => !over(30, day - track.lastRise)).length;
    features[featureNames.length - 1] = day - newest;
    yield { from: day, features };
  }
}
