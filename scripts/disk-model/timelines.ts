import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { decodeCounters } from "../../src/analysis/disks/counters.ts";
import { orderHistory, type Reading } from "../../src/analysis/disks/history.ts";

/** A recorded drive. Days count from 2013-04-10. */
export interface Drive {
  drive: string;
  model: string;
  first_day: number;
  last_day: number;
  /** Failed on `last_day`; else still running or withdrawn then. */
  failed: boolean;
  readings: Reading[];
  /** As recorded, one for each reading: what the rules that we are compared with look at. */
  raw: RawValues[];
}

type RawValues = Readonly<Record<string, number | null>>;

interface Line {
  drive: string;
  model: string;
  first_day: number;
  last_day: number;
  failed: boolean;
  history: { day: number; power_on_hours: number | null; raw: RawValues }[];
}

/** Reads the drive histories (NDJSON, compressed by xz) in the form that docs/disk-prediction.md describes. */
export async function readDrives(path: string): Promise<Drive[]> {
  const xz = spawn("xz", ["--decompress", "--stdout", path], { stdio: ["ignore", "pipe", "inherit"] });
  const drives: Drive[] = [];
  for await (const text of createInterface({ input: xz.stdout })) {
    const { history, ...drive }: Line = JSON.parse(text);
    const readings = history.map(({ day, power_on_hours, raw }) => ({
      day,
      power_on_hours,
      counters: decodeCounters(raw),
    }));
    drives.push({ ...drive, readings: orderHistory(readings), raw: history.map(({ raw }) => raw) });
  }
  return drives;
}

/** Days of the calendar in the data's own count. */
export const day = (date: string): number => (Date.parse(`${date}T00:00:00Z`) - Date.UTC(2013, 3, 10)) / 86_400_000;

/** A drive's fold follows from its name alone, so that all of its history falls on one side. */
export function foldOf(drive: string, folds: number): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < drive.length; i += 1) hash = Math.imul(hash ^ drive.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % folds;
}
