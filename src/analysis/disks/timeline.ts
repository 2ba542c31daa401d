import { decodeCounters } from "./counters.ts";
import type { Reading } from "./history.ts";

/** A recorded drive and the days on which it is to be judged. */
export interface Timeline {
  drive: string;
  readings: Reading[];
  at: number[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** What is wrong with a line, in words that need no stack trace. */
export class BadTimeline extends Error {}

function readingOf(value: unknown, i: number): Reading {
  if (!isObject(value) || !isNumber(value.day)) throw new BadTimeline(`history[${i}].day must be a number`);
  const { day, power_on_hours: hours, raw } = value;
  return {
    day,
    power_on_hours: isNumber(hours) && hours >= 0 ? hours : null,
    counters: decodeCounters(isObject(raw) ? raw : {}),
  };
}

/**
 * Reads one line of drive timelines: `{drive, model, history: [{day, power_on_hours, raw: {"5": n | null, …}}],
 * at: [day, …]}`. The frame has to be right; a counter that is missing, null or no count is merely not known.
 * Errors: {@link BadTimeline}.
 */
export function parseTimeline(line: string): Timeline {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new BadTimeline("it is not JSON");
  }
  if (!isObject(value)) throw new BadTimeline("it is not an object");
  const { drive, history, at } = value;
  if (typeof drive !== "string") throw new BadTimeline("drive must be a string");
  if (!Array.isArray(history)) throw new BadTimeline("history must be a list");
  if (!Array.isArray(at) || !at.every(isNumber)) throw new BadTimeline("at must be a list of numbers");
  return { drive, readings: history.map(readingOf), at };
}
