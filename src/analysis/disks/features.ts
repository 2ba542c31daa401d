import { type CounterName, counterNames } from "./counters.ts";
import type { Reading } from "./history.ts";

/**
 * What is asked of every counter's history. `peak_90d` remembers that clearing a pending sector is not recovery;
 * `days_quiet` counts from the last rise, or from the first sight of a count whose rise nobody saw.
 */
const questions = ["level", "peak_90d", "rise_30d", "rise_90d", "days_since_rise", "days_quiet"] as const;
/** Asked of the three counters that speak of the medium itself (command timeouts are mostly cable and host). */
const together = ["any.present", "any.risen_30d", "any.days_since_rise", "any.days_quiet"] as const;

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
  /** The last rise or the first sight of a count, whichever came later. */
  lastNews = Number.NEGATIVE_INFINITY;
  readonly #rises: { day: number; by: number }[] = [];
  /** Falls that no later fall overtops, so that the highest of the last 90 days is always the first. */
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
    if (!(value <= (this.level || 0))) this.lastNews = day;
    if (value < this.level) {
      while ((this.#falls.at(-1)?.from ?? Number.POSITIVE_INFINITY) <= this.level) this.#falls.pop();
      this.#falls.push({ day, from: this.level });
    }
    this.level = value;
  }

  write(into: Float64Array, at: number, day: number): void {
    into[at] = this.level;
    into[at + 1] = this.#peak(day);
    into[at + 2] = this.#sum(this.#month, 30, day);
    into[at + 3] = this.#sum(this.#quarter, 90, day);
    into[at + 4] = day - this.lastRise;
    into[at + 5] = day - this.lastNews;
  }

  #sum(window: { first: number; sum: number }, days: number, day: number): number {
    for (let rise = this.#rises[window.first]; rise && over(days, day - rise.day); rise = this.#rises[window.first]) {
      window.sum -= rise.by;
      window.first += 1;
    }
    return window.sum;
  }

  #peak(day: number): number {
    while (over(90, day - (this.#falls[0]?.day ?? day))) this.#falls.shift();
    return Math.max(this.level, this.#falls[0]?.from ?? this.level);
  }
}

function writeTogether(into: Float64Array, media: readonly Track[], day: number): void {
  let [present, risen, lastRise, lastNews] = [0, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const track of media) {
    if (track.level > 0) present += 1;
    if (!over(30, day - track.lastRise)) risen += 1;
    lastRise = Math.max(lastRise, track.lastRise);
    lastNews = Math.max(lastNews, track.lastNews);
  }
  const at = into.length - together.length;
  into[at] = present;
  into[at + 1] = risen;
  into[at + 2] = day - lastRise;
  into[at + 3] = day - lastNews;
}

/** How long after the last news a feature may change by itself; edges of `days_since_rise` and `days_quiet` are among them. */
const quietDays = [3, 7, 14, 30, 60, 90, 180, 365, 730] as const;

/** The days on which one counter's features can change: it did, or a window over an earlier change closes. */
function* turns(ordered: readonly Reading[], name: CounterName): Generator<number> {
  let last: number | null = null;
  let news = Number.NaN;
  for (const { day, counters } of ordered) {
    const value = counters[name];
    if (value === null || value === last) continue;
    yield day;
    if (last !== null && value < last) yield day + 90;
    else if (value > 0) {
      yield day + 30;
      yield day + 90;
      for (const quiet of quietDays) if (news + quiet < day) yield news + quiet;
      news = day;
    }
    last = value;
  }
  if (Number.isFinite(news)) for (const quiet of quietDays) yield news + quiet;
}

/**
 * A drive's features through time, piecewise constant, oldest first. What holds on a day follows from the readings up
 * to that day alone. `ordered` is what {@link import("./history.ts").orderHistory} gives.
 */
export function* traceFeatures(ordered: readonly Reading[]): Generator<Stretch> {
  const tracks = counterNames.map(() => new Track());
  const media = tracks.filter((_, i) => counterNames[i] !== "command_timeouts");
  let next = 0;
  const days = new Set(counterNames.flatMap((name) => [...turns(ordered, name)]));
  const [first] = ordered;
  if (first) days.add(first.day);
  for (const day of Float64Array.from(days).sort()) {
    for (let reading = ordered[next]; reading && reading.day <= day; reading = ordered[next]) {
      for (const [i, name] of counterNames.entries()) tracks[i]?.take(reading.day, reading.counters[name]);
      next += 1;
    }
    const features = new Float64Array(featureNames.length);
    for (const [i, track] of tracks.entries()) track.write(features, i * questions.length, day);
    writeTogether(features, media, day);
    yield { from: day, features };
  }
}
