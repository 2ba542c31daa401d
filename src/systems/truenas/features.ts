import { StewardError } from "../../shared/errors.ts";
import type { TrueNasFeatures } from "./port.ts";

type Can = Omit<TrueNasFeatures, "version">;

const since25_10: Can = { snapshots: "pool.snapshot", smart: "shell", apps: "app", services: "control" };

/** What changes by release, the oldest first (read from the middleware's source of each). */
const table: readonly (readonly [since: readonly [year: number, month: number], can: Can])[] = [
  [[24, 4], { snapshots: "zfs.snapshot", smart: "reading", apps: "chart.release", services: "start_stop" }],
  [[24, 10], { snapshots: "zfs.snapshot", smart: "middleware", apps: "app", services: "start_stop" }],
  [[25, 10], since25_10],
];

/**
 * What a TrueNAS of this version can do. A release newer than the table is taken for the newest in it.
 *
 * @param said `system.info`'s version: "TrueNAS-SCALE-24.04.2.4", "25.10.1", "26.0.0-BETA.3"
 * @throws unsupported for releases before 24.04 and for CORE, wrong_answer for what is no version.
 */
export function featuresOf(said: string): TrueNasFeatures {
  const [, numbers, year, month] = /(?:^|-)((\d{2})\.(\d{1,2})(?:\.\d+)*)/.exec(said) ?? [];
  if (numbers === undefined)
    throw new StewardError(
      "wrong_answer",
      "TrueNAS told a version that Home Steward can't read.",
      "Check that truenas.url names a TrueNAS SCALE (Community Edition) of 24.04 or later.",
    );
  const at = [Number(year), Number(month)];
  const can = table.findLast(([since]) => before(since, at))?.[1];
  if (can !== undefined) return { version: numbers, ...can };
  throw new StewardError(
    "unsupported",
    `TrueNAS ${numbers} is older than Home Steward can speak with.`,
    "Update it to 24.04 or later.",
  );
}

const before = ([year, month]: readonly [number, number], [y = 0, m = 0]: readonly number[]) =>
  year < y || (year === y && month <= m);
