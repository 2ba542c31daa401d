import { type DiskDay, dayOf } from "./recorded.ts";

/** When an SSD will have used up its rated life, as an interval of dates (YYYY-MM-DD). */
export interface WearOut {
  earliest: string;
  /** null: not within twenty years. */
  latest: string | null;
}

const leastDays = 30;
const leastRise = 2;
const furthestDays = 20 * 365;
const dayMs = 86_400_000;

/**
 * Extends the wear of the recorded days. It is told in whole percents, so a rise of n means anything from n − 1 to
 * n + 1: the interval is no narrower than that. null while too little is known: a month, and two percents.
 */
export function wearOut(days: readonly DiskDay[]): WearOut | null {
  const told = days.filter(({ wear_percent }) => wear_percent !== null);
  const [first, last] = [told[0], told.at(-1)];
  if (!first || !last || first.wear_percent === null || last.wear_percent === null) return null;
  const span = dayOf(last.at) - dayOf(first.at);
  const rise = last.wear_percent - first.wear_percent;
  if (span < leastDays || rise < leastRise) return null;
  const left = Math.max(0, 100 - last.wear_percent);
  const date = (rate: number): string | null => {
    const away = (left / rate) * span;
    return away > furthestDays ? null : new Date(last.at + away * dayMs).toISOString().slice(0, 10);
  };
  const earliest = date(rise + 1);
  return earliest === null ? null : { earliest, latest: date(rise - 1) };
}
