import { type DiskModel, type Tier, tiers } from "../../src/analysis/disks/model.ts";
import type { TierChange } from "../../src/analysis/disks/tiers.ts";
import type { Window } from "./evaluate.ts";
import type { Drive } from "./timelines.ts";

const year = 365;

/** Share of drives, in %, that failed within `days` (Kaplan–Meier: withdrawn drives count for as long as they were seen). */
function failedWithin(
  ends: readonly { failed: Float64Array; gone: Float64Array }[],
  rank: number,
  days: number,
): number {
  const { failed, gone } = ends[rank] ?? { failed: new Float64Array(), gone: new Float64Array() };
  let standing = failed.reduce((sum, n) => sum + n, 0) + gone.reduce((sum, n) => sum + n, 0);
  let surviving = 1;
  for (let day = 0; day < days; day += 1) {
    if (standing > 0) surviving *= 1 - (failed[day] ?? 0) / standing;
    standing -= (failed[day] ?? 0) + (gone[day] ?? 0);
  }
  return Number((100 * (1 - surviving)).toPrecision(2));
}

/** What became of drives that stood in each tier, looked at every 30 days of each period. */
export function survivalByTier(
  drives: readonly Drive[],
  tiersOf: (index: number) => readonly TierChange[],
  periods: readonly Window[],
): DiskModel["failed_within_percent"] {
  const perPeriod = periods.map((period) => {
    const ends = tiers.map(() => ({ failed: new Float64Array(year + 1), gone: new Float64Array(year + 1) }));
    for (const [i, drive] of drives.entries()) {
      const changes = tiersOf(i);
      for (let day = Math.max(period.from, drive.first_day); day < Math.min(period.to, drive.last_day); day += 30) {
        const tier = changes.findLast(({ from }) => from <= day)?.tier ?? "ok";
        const left = Math.floor(drive.last_day - day);
        const end = ends[tiers.indexOf(tier)];
        const list = drive.failed && left < year ? end?.failed : end?.gone;
        if (list) list[Math.min(left, year)] = (list[Math.min(left, year)] ?? 0) + 1;
      }
    }
    return ends;
  });
  const range = (tier: Tier, days: number) => {
    const shares = perPeriod.map((ends) => failedWithin(ends, tiers.indexOf(tier), days));
    return { low: Math.min(...shares), high: Math.max(...shares) };
  };
  const of = (tier: Tier) => ({ days_30: range(tier, 30), days_120: range(tier, 120), days_365: range(tier, year) });
  return { ok: of("ok"), watch: of("watch"), warn: of("warn"), urgent: of("urgent") };
}
