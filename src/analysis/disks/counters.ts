/**
 * The counters a drive's prognosis rests on, under names that do not depend on its maker.
 * `null` is "not reported", which is not zero: a drive that says nothing of a fault has not said it has none.
 */
export interface Counters {
  /** Attribute 5, else 196: sectors moved to the spare area. */
  reallocated: number | null;
  /** Attribute 187: reads the drive could not mend. */
  uncorrectable: number | null;
  /** Attribute 188: commands that timed out. Often the cable or the host. */
  command_timeouts: number | null;
  /** The larger of 197 and 198: sectors that can't be read now. Seagate counts the same sectors in both. */
  unreadable: number | null;
}

export type CounterName = keyof Counters;

export const counterNames = ["reallocated", "uncorrectable", "command_timeouts", "unreadable"] as const;

export const noCounters: Counters = {
  reallocated: null,
  uncorrectable: null,
  command_timeouts: null,
  unreadable: null,
};

const word = 0x10000;
// "I have no such counter" in the firmware of several makers; a real count of sectors never ends there.
const sentinels = new Set([65_533, 65_535]);

/** A whole count, or null for what is no count: absent, negative, not a number, a sentinel, a packed 48-bit value. */
function count(raw: unknown): number | null {
  if (typeof raw !== "number" || !(raw >= 0) || raw >= word * word || sentinels.has(raw)) return null;
  return Math.floor(raw);
}

/**
 * The lowest of three 16-bit words. Seagate packs 188 so (all timeouts, over 5 s, over 7.5 s: 51540393996 is 12/12/12),
 * and smartctl prints 5 as raw16(raw16).
 */
function lowWord(raw: unknown): number | null {
  if (typeof raw !== "number" || !(raw >= 0) || raw >= word ** 3) return null;
  return count(Math.floor(raw) % word);
}

const larger = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** Decodes raw SMART values keyed by attribute number ("5", "187", …), as Backblaze publishes them. Never throws. */
export function decodeCounters(raw: Readonly<Record<string, unknown>>): Counters {
  return {
    reallocated: lowWord(raw["5"]) ?? lowWord(raw["196"]),
    uncorrectable: count(raw["187"]),
    command_timeouts: lowWord(raw["188"]),
    unreadable: larger(count(raw["197"]), count(raw["198"])),
  };
}
