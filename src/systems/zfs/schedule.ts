/** A schedule of TrueNAS: cron fields, all of which have to fit, within a part of the day. */
export interface CronSchedule {
  minute: string;
  hour: string;
  dom: string;
  month: string;
  dow: string;
  /** "HH:MM" or "HH:MM:SS" */
  begin: string;
  end: string;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const day_s = 86_400;

/** The longest time between two runs, in seconds; null for a schedule that never runs, or can't be read. */
export function longestGapSeconds({ minute, hour, dom, month, dow, begin, end }: CronSchedule): number | null {
  const minutes = matching(minute, 0, 59);
  const [from, to] = [begin.slice(0, 5), end.slice(0, 5)];
  const times = matching(hour, 0, 23).flatMap((h) =>
    minutes.filter((m) => inside(clock(h, m), from, to)).map((m) => h * 3600 + m * 60),
  );
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return null;
  const runDays = daysOf(matching(dom, 1, 31), matching(month, 1, 12, months), new Set(matching(dow, 0, 7, days, 1)));
  if (runDays.length < 2) return null;
  const within = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const between = runDays.slice(1).map((day, index) => (day - (runDays[index] ?? 0)) * day_s - last + first);
  return Math.max(...within, ...between);
}

const clock = (h: number, m: number) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;

/** An end before the beginning is on the next day. */
const inside = (at: string, from: string, to: string) => (from <= to ? at >= from && at <= to : at >= from || at <= to);

/** The days of nine years on which it runs, counted from their first: a 29 February is among them. */
function daysOf(dom: readonly number[], month: readonly number[], dow: ReadonlySet<number>): number[] {
  const start = Date.UTC(2024, 0, 1);
  return Array.from({ length: 9 * 366 }, (_, index) => index).filter((index) => {
    const date = new Date(start + index * day_s * 1000);
    const weekday = date.getUTCDay();
    return (
      dom.includes(date.getUTCDate()) &&
      month.includes(date.getUTCMonth() + 1) &&
      (dow.has(weekday) || (weekday === 0 && dow.has(7)))
    );
  });
}

/** The values of one cron field, in order: "*", "a", "a-b", "a-b/n", lists of these; `names` count from `firstName`. */
function matching(field: string, min: number, max: number, names: readonly string[] = [], firstName = min): number[] {
  const value = (text: string) => {
    const named = names.indexOf(text.toLowerCase());
    return named < 0 ? Number(text) : named + firstName;
  };
  const found = field.split(",").flatMap((one) => {
    const [range = "", every = "1"] = one.split("/");
    const [from, to] = range === "*" ? [min, max] : range.split("-").map(value);
    if (from === undefined) return [];
    const until = to ?? (one.includes("/") ? max : from);
    const step = Number(every);
    if (!(step >= 1) || !(from >= min) || !(until <= max)) return [];
    return Array.from({ length: Math.floor((until - from) / step) + 1 }, (_, index) => from + index * step);
  });
  return [...new Set(found)].sort((a, b) => a - b);
}
