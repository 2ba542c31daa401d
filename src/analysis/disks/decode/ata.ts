import { type CounterName, decodeCounters } from "../counters.ts";
import { absent, known, plain, type Reported, suspect } from "./reported.ts";
import type { Attribute, Smartctl } from "./smartctl.ts";

export const attributesOf = (output: Smartctl): Attribute[] =>
  (output.ata_smart_attributes?.table ?? []).filter((row) => row !== null);

/** The attributes behind each counter, the first that gives one counts (counters.ts). */
const behind: Readonly<Record<CounterName, readonly number[]>> = {
  reallocated: [5, 196],
  uncorrectable: [187],
  command_timeouts: [188],
  unreadable: [197, 198],
};

/**
 * smartctl prints a raw value as its drive database understands it ("12 12 12", "0 (0)"). A print in which neither the
 * raw value nor its lowest 16 bits occur says that somebody misreads the drive, and we can't tell who.
 */
function contradicted({ raw }: Attribute): boolean {
  const { value, string } = raw ?? {};
  if (value === undefined || string === undefined || string.includes("0x")) return false;
  const printed = string.match(/\d+/g)?.map(Number) ?? [];
  return printed.length > 0 && !printed.includes(value) && !printed.includes(value % 0x10000);
}

/** The four counters of the model out of an ATA attribute table. Packed and sentinel values as counters.ts has them. */
export function ataCounter(rows: readonly Attribute[], name: CounterName): Reported {
  const own = rows.filter((row) => behind[name].includes(row.id));
  if (own.length === 0) return absent;
  const sound = own.filter((row) => !contradicted(row));
  const raw = Object.fromEntries(sound.map((row) => [String(row.id), row.raw?.value]));
  const value = decodeCounters(raw)[name];
  if (value !== null) return known(value);
  return suspect(
    sound.length < own.length ? "raw value and its print disagree" : "no count: a sentinel or packed value",
  );
}

/** Attribute 199: errors on the way, not on the disk. Only growth says something, and what it says is: check the cable. */
export function linkErrors(rows: readonly Attribute[]): Reported {
  const row = rows.find(({ id }) => id === 199);
  if (row === undefined) return absent;
  return contradicted(row) ? suspect("raw value and its print disagree") : plain(row.raw?.value);
}

/**
 * Hours out of attribute 9 where smartctl did not work them out itself: "47060h+35m+00.858s", raw24(raw8) as
 * "34013 (105 34 0)", and msec24hour32 (32 bits of hours under 24 bits of milliseconds).
 */
export function ataHours(rows: readonly Attribute[]): number | undefined {
  const raw = rows.find(({ id }) => id === 9)?.raw;
  const printed = /^(\d+)(?:h|\s|$)/.exec(raw?.string ?? "")?.[1];
  if (printed !== undefined) return Number(printed);
  return raw?.value === undefined ? undefined : raw.value % 2 ** 32;
}

/** °C out of 194, else 190: the first number smartctl prints, else the lowest byte (42952491043 is 35 °C). */
export function ataTemperature(rows: readonly Attribute[]): number | undefined {
  const raw = (rows.find(({ id }) => id === 194) ?? rows.find(({ id }) => id === 190))?.raw;
  const printed = /^\d{1,3}(?!\d)/.exec(raw?.string ?? "")?.[0];
  if (printed !== undefined) return Number(printed);
  return raw?.value === undefined ? undefined : raw.value % 256;
}

/** Names under which makers count what an SSD has left, normalised from 100 down. */
const lifeLeft = /wear_?leveling|wearout|life_left|lifetime_remain|rated_life_used/i;

/** % of an SSD's rated life that is used, out of its own attributes; smartctl's `endurance_used` comes first. */
export function ataWear(rows: readonly Attribute[]): Reported {
  const row = rows.filter(({ name }) => lifeLeft.test(name)).sort((a, b) => b.id - a.id)[0];
  if (row?.value === undefined) return absent;
  // Kingston leaves the normalised value of 231 at 100 and counts down in the raw one.
  const raw = row.raw?.value;
  const left = row.id === 231 && raw !== undefined && raw > 0 && raw < row.value ? raw : row.value;
  return left <= 100 ? known(100 - left) : suspect("more than 100 % left");
}
