import type { DiskFacts } from "./decode/decode.ts";
import { judgeable } from "./decode/decode.ts";
import { knownValue } from "./decode/reported.ts";
import type { Reading } from "./history.ts";

/** What a disk said on one day, as it is kept. `at` is ms since 1970; null is "it did not say". */
export interface DiskDay {
  at: number;
  power_on_hours: number | null;
  reallocated: number | null;
  uncorrectable: number | null;
  command_timeouts: number | null;
  unreadable: number | null;
  link_errors: number | null;
  wear_percent: number | null;
  spare_percent: number | null;
  temperature_c: number | null;
  temperature_max_c: number | null;
}

/** What Home Steward remembers of disks, keyed on what they say of themselves. Errors: refused (the store can't be used). */
export interface DiskMemory {
  /** Oldest first, from `since` (ms since 1970) on. */
  days(disk: DiskKey, since: number): DiskDay[];
  /** What it had counted when its owner accepted that, or null. */
  baseline(disk: DiskKey): DiskBaseline | null;
}

/** What was accepted; `at` is when it was read. */
export type DiskBaseline = Pick<
  DiskDay,
  "at" | "reallocated" | "uncorrectable" | "command_timeouts" | "unreadable" | "link_errors"
>;

/** What approved steps may do to the notes. */
export interface DiskNotes {
  /** null takes it back. */
  setBaseline(disk: DiskKey, baseline: DiskBaseline | null): void;
}

export interface DiskKey {
  model: string;
  serial: string;
}

const dayMs = 86_400_000;

export const dayOf = (at: number): number => at / dayMs;

/** A reading as it is kept: trustworthy values only. */
export function dayFrom(facts: DiskFacts, at: number): DiskDay {
  const whole = (value: number | null) => (value === null ? null : Math.floor(value));
  const temperature_c = whole(knownValue(facts.temperature_c));
  return {
    at,
    ...judgeable(facts),
    power_on_hours: whole(knownValue(facts.power_on_hours)),
    link_errors: whole(knownValue(facts.link_errors)),
    wear_percent: whole(knownValue(facts.wear_percent)),
    spare_percent: whole(knownValue(facts.spare_percent)),
    temperature_c,
    temperature_max_c: temperature_c,
  };
}

/** The same as the model takes it. */
export const readingFrom = (day: DiskDay | DiskBaseline): Reading => ({
  day: dayOf(day.at),
  power_on_hours: "power_on_hours" in day ? day.power_on_hours : null,
  counters: {
    reallocated: day.reallocated,
    uncorrectable: day.uncorrectable,
    command_timeouts: day.command_timeouts,
    unreadable: day.unreadable,
  },
});
