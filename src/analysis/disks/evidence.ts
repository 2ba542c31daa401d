import { type CounterName, counterNames } from "./counters.ts";
import { type FeatureName, featureNames } from "./features.ts";
import type { DiskModel, Tier } from "./model.ts";
import { pointsOn, scalesOf } from "./scorecard.ts";

/** What drives that speak this protocol call a counter; none of its kind tells the others. */
type Words = Readonly<Partial<Record<CounterName, { attribute: string; what: string }>>>;
export type Protocol = "ata" | "nvme" | "scsi";

const words: Readonly<Record<Protocol, Words>> = {
  ata: {
    reallocated: { attribute: "5", what: "reallocated sectors" },
    uncorrectable: { attribute: "187", what: "uncorrectable errors" },
    command_timeouts: { attribute: "188", what: "command timeouts (look at the cable first)" },
    unreadable: { attribute: "197/198", what: "unreadable sectors" },
  },
  nvme: { uncorrectable: { attribute: "media_errors", what: "media and data integrity errors" } },
  scsi: {
    reallocated: { attribute: "grown defect list", what: "new grown defects" },
    uncorrectable: { attribute: "error counter log", what: "new uncorrected errors" },
  },
};

/** The counters whose rise is news, by their own names: "5, 187 or 197/198". */
export const alarming: Readonly<Record<Protocol, string>> = {
  ata: "5, 187 or 197/198",
  nvme: "media_errors",
  scsi: "grown defects or uncorrected errors",
};

const days = (count: number): string =>
  count < 1 ? "today" : count < 2 ? "1 day ago" : `${Math.floor(count)} days ago`;

/**
 * Why a drive stands where it stands, one line a counter, what counts most first; then what it does not report.
 * `features` as a standing has them, `elapsed` days ago. Every line is in our own words; none holds text from outside.
 */
export function evidenceLines(model: DiskModel, features: Float64Array, elapsed: number, protocol: Protocol): string[] {
  const value = (feature: FeatureName): number => features[featureNames.indexOf(feature)] ?? Number.NaN;
  const points = new Map<string, number>();
  for (const scale of scalesOf(model.scorecard)) {
    const [counter = ""] = scale.feature.split(".");
    points.set(counter, (points.get(counter) ?? 0) + pointsOn(scale, features));
  }
  const lines: { line: string; points: number }[] = [];
  const absent: string[] = [];
  const none: string[] = [];
  for (const name of counterNames) {
    const called = words[protocol][name];
    if (called === undefined) continue;
    const { attribute, what } = called;
    const level = value(`${name}.level`);
    if (Number.isNaN(level)) absent.push(attribute);
    else if (level === 0 && value(`${name}.peak_90d`) === 0) none.push(attribute);
    else {
      const rise = value(`${name}.rise_90d`);
      const quiet = value(`${name}.days_quiet`) + elapsed;
      const parts = [`${level} ${what} (${attribute})`];
      if (level < value(`${name}.peak_90d`)) parts.push(`${value(`${name}.peak_90d`)} at the worst of 90 days`);
      if (rise > 0) parts.push(`up ${value(`${name}.rise_30d`)} in 30 days and ${rise} in 90, last ${days(quiet)}`);
      else parts.push(`unchanged for ${Math.floor(quiet)} days`);
      lines.push({ line: `${parts.join(", ")}.`, points: points.get(name) ?? 0 });
    }
  }
  lines.sort((a, b) => b.points - a.points);
  const said = lines.map(({ line }) => line);
  if (none.length > 0) said.push(`Nothing counted in ${none.join(", ")}.`);
  if (absent.length > 0) said.push(`Not reported by this drive: ${absent.join(", ")}.`);
  return said;
}

/**
 * What became of drives in this tier, as ranges. Never a date or a number of days left: nobody knows those, and a
 * quarter to a half of failures give no sign at all.
 */
export function survivalLines(model: DiskModel, tier: Tier): string[] {
  const { days_30, days_120, days_365 } = model.failed_within_percent[tier];
  return [
    `Of drives that stood at "${tier}", ${days_30.low}–${days_30.high} % failed within 30 days, ` +
      `${days_120.low}–${days_120.high} % within 120 days, ${days_365.low}–${days_365.high} % within a year.`,
  ];
}
