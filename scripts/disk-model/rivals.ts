import { type Alarms, type Rule, whenever } from "./evaluate.ts";
import type { Drive } from "./timelines.ts";

/** The rules that ours is held against, each as its authors have it, on raw values. */
const of = (drive: Drive, reading: number, attribute: string): number => drive.raw[reading]?.[attribute] ?? 0;

const anyAbove =
  (thresholds: Readonly<Record<string, number>>): Rule =>
  (drive) =>
    whenever(drive, (i) => Object.entries(thresholds).some(([attribute, above]) => of(drive, i, attribute) > above));

const lowWord = (raw: number): number => raw % 65_536;

/** Scrutiny's "failed": buckets of critical attributes with an observed failure rate of 10 % a year or more. */
const scrutinyBuckets: readonly [attribute: string, from: number, to: number][] = [
  ["5", 17, 70_000],
  ["10", 2, 80],
  ["187", 1, 120],
  ["196", 12, 17],
  ["196", 28, 45],
  ["197", 2, 1600],
  ["198", 2, 16],
];

const scrutiny: Rule = (drive) =>
  whenever(
    drive,
    (i) =>
      lowWord(of(drive, i, "188")) > 100 ||
      scrutinyBuckets.some(([attribute, from, to]) => of(drive, i, attribute) >= from && of(drive, i, attribute) <= to),
  );

const days = 90;

/** Daily values of an attribute from the first to the last day; each reading holds until the next. */
function daily(drive: Drive, attribute: string): Float64Array {
  const values = new Float64Array(Math.max(0, Math.floor(drive.last_day - drive.first_day) + 1));
  let reading = 0;
  for (let day = 0; day < values.length; day += 1) {
    while ((drive.readings[reading + 1]?.day ?? Number.POSITIVE_INFINITY) <= drive.first_day + day) reading += 1;
    values[day] = of(drive, reading, attribute);
  }
  return values;
}

/** Whether the straight line through the last 90 daily values rises, for every day. */
function rises(values: Float64Array): (day: number) => boolean {
  const steady = values.every((value) => value === values[0]);
  return (day) => {
    if (steady) return false;
    const first = Math.max(0, day - days + 1);
    const middle = (first + day) / 2;
    let slope = 0;
    for (let d = first; d <= day; d += 1) slope += (d - middle) * (values[d] ?? 0);
    return slope > 1e-9;
  };
}

/** Alarms on the days (counted from the drive's first) on which `holds`. */
function everyDay(drive: Drive, holds: (day: number) => boolean): Alarms {
  const alarms: { from: number; to: number }[] = [];
  for (let day = 0; drive.first_day + day <= drive.last_day; day += 1) {
    if (!holds(day)) continue;
    const from = drive.first_day + day;
    const last = alarms.at(-1);
    if (last?.to === from) last.to = from + 1;
    else alarms.push({ from, to: from + 1 });
  }
  return alarms;
}

/**
 * The owner's first sketch: 40 points when 5 rises over 90 days, 30 when 197 does, 20 when the average temperature is
 * over 50 °C (the data have no temperature; of 22,892 drives elsewhere none averaged that), 10 over 50,000 hours.
 */
const sketch =
  (above: number): Rule =>
  (drive) => {
    const reallocated = rises(daily(drive, "5"));
    const pending = rises(daily(drive, "197"));
    const born = drive.readings.find(({ power_on_hours }) => power_on_hours !== null);
    const hoursThen = (born?.power_on_hours ?? 0) - ((born?.day ?? 0) - drive.first_day) * 24;
    return everyDay(
      drive,
      (day) => (reallocated(day) ? 40 : 0) + (pending(day) ? 30 : 0) + (hoursThen + day * 24 > 50_000 ? 10 : 0) > above,
    );
  };

const slopes: Rule = (drive) => {
  const reallocated = rises(daily(drive, "5"));
  const pending = rises(daily(drive, "197"));
  return everyDay(drive, (day) => reallocated(day) || pending(day));
};

export const rivals: readonly (readonly [name: string, rule: Rule])[] = [
  ["The sketch: order (score > 50)", sketch(50)],
  ["The sketch: consider (score > 30)", sketch(30)],
  ["The sketch's slopes alone: 5 or 197 rises over 90 days", slopes],
  ["TrueNAS's own rule: 187 > 0", anyAbove({ "187": 0 })],
  ["Scrutiny: failed", scrutiny],
  ["Any of 5, 187, 188, 197, 198 > 0", anyAbove({ "5": 0, "187": 0, "188": 0, "197": 0, "198": 0 })],
];
