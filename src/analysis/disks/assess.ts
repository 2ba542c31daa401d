import type { DiskFacts } from "./decode/decode.ts";
import type { HardFact } from "./decode/hard-facts.ts";
import { alarming, type Protocol } from "./evidence.ts";
import { orderHistory, sinceAcknowledged } from "./history.ts";
import { type DiskModel, type Tier, tiers } from "./model.ts";
import { type DiskBaseline, type DiskDay, dayFrom, dayOf, readingFrom } from "./recorded.ts";
import { judgeDrive } from "./verdict.ts";
import { type WearOut, wearOut } from "./wear-out.ts";

/** Errors ZFS itself counted on the leaf vdev of a disk. */
export interface ZfsErrors {
  read: number;
  write: number;
  checksum: number;
}

export interface DiskCase {
  facts: DiskFacts;
  /** When the facts were read, ms since 1970. */
  at: number;
  /** Days before, oldest first. */
  history: readonly DiskDay[];
  /** What its owner accepted: only what comes on top speaks. */
  baseline: DiskBaseline | null;
  /** null where no pool is known to use the disk. */
  zfs: ZfsErrors | null;
  /** Why nothing was told, and what to configure, where somebody knows. */
  untold?: string;
}

/** One of the four signals the owner asked for, now and over 90 days. */
interface Signal {
  signal: "reallocated" | "pending" | "temperature_c" | "power_on_hours";
  now: number | null;
  change_90d: number | null;
}

export interface Assessment {
  /** "unknown": nothing was told, so nothing is claimed. */
  tier: Tier | "unknown";
  /** Probability of failure within 30 and 120 days, in %, as a band; null where the model has not learned such disks. */
  risk: { days_30: Band; days_120: Band } | null;
  evidence: string[];
  survival: string[];
  would_change: string[];
  signals: Signal[];
  confidence: "none" | "levels_only" | "short_history" | "full";
  wear_out: WearOut | null;
}

interface Band {
  low_percent: number;
  high_percent: number;
}

/** The calibration promises no more than "within 2.5 times" (docs/disk-prediction.md). */
const within = 2.5;
const windowDays = 90;

/** The whole verdict on one disk: hard facts first, then the scorecard over its history, then what to make of it. */
export function assessDisk(model: DiskModel, { facts, at, history, baseline, zfs, untold }: DiskCase): Assessment {
  const days = [...history.filter((day) => day.at < at), dayFrom(facts, at)];
  const signals = signalsOf(days);
  const hard = [...facts.hard_facts, ...zfsFacts(zfs), ...grownUncorrected(facts, days, baseline)];
  const told = hard.map(({ evidence }) => `${evidence}.`);
  if (facts.monitored !== "yes" && hard.length === 0)
    return {
      tier: "unknown",
      risk: null,
      evidence: [
        facts.monitored === "status_only"
          ? "SMART passed is all it tells, without a counter: that is too little to go by."
          : untold === undefined
            ? "The disk, or the bridge before it, tells nothing of its health."
            : `${untold}.`,
      ],
      survival: [],
      would_change: [
        untold === undefined
          ? "A reading: attach the disk directly, or through a bridge that passes SMART on."
          : "A reading of its counters.",
      ],
      signals,
      confidence: "none",
      wear_out: null,
    };
  const known = orderHistory(readingsOf(days, baseline));
  const first = known[0]?.day ?? dayOf(at);
  const readings = facts.growth_only ? sinceAcknowledged(known, first) : known;
  const protocol = facts.protocol === "unknown" ? "ata" : facts.protocol;
  const verdict = judgeDrive(model, readings, dayOf(at), baseline ? dayOf(baseline.at) : undefined, protocol);
  const tier = hard.length > 0 ? "urgent" : verdict.tier;
  const learned = facts.protocol === "ata" && facts.media !== "ssd";
  return {
    tier,
    risk: learned && hard.length === 0 ? { days_30: band(verdict.p30), days_120: band(verdict.p120) } : null,
    evidence: [...told, ...verdict.evidence, ...aside(facts, days, baseline)],
    survival: learned && hard.length === 0 ? verdict.survival : [],
    would_change: wouldChange(model, tier, hard, protocol),
    signals,
    confidence: verdict.confidence,
    wear_out: wearOut(days),
  };
}

/**
 * A disk that is left asleep, by what was recorded of it. A self-test that failed or a SMART status is not among that,
 * so a sleeping disk is never called well.
 */
export function assessSleeping(
  model: DiskModel,
  { at, history, baseline, protocol }: Omit<DiskCase, "facts" | "zfs"> & { protocol: Protocol },
): Assessment {
  const known = orderHistory(readingsOf(history, baseline));
  const verdict = judgeDrive(
    model,
    protocol === "scsi" ? sinceAcknowledged(known, known[0]?.day ?? dayOf(at)) : known,
    dayOf(at),
    baseline ? dayOf(baseline.at) : undefined,
    protocol,
  );
  const last = history.at(-1);
  const seen = last ? `last read ${Math.floor(dayOf(at) - dayOf(last.at))} days ago` : "never read so far";
  return {
    tier: verdict.tier === "ok" ? "unknown" : verdict.tier,
    risk: null,
    evidence: [`Asleep, and left so; ${seen}.`, ...(last ? verdict.evidence : [])],
    survival: [],
    would_change: ["A reading, once it is awake."],
    signals: signalsOf(history),
    confidence: last ? verdict.confidence : "none",
    wear_out: wearOut(history),
  };
}

const band = (p: number): Band => ({
  low_percent: round((p / within) * 100),
  high_percent: round(Math.min(1, p * within) * 100),
});

const round = (percent: number): number => Number(percent.toPrecision(2));

function zfsFacts(zfs: ZfsErrors | null): HardFact[] {
  if (!zfs || zfs.read + zfs.write + zfs.checksum === 0) return [];
  const { read, write, checksum } = zfs;
  return [{ code: "zfs_errors", evidence: `ZFS counted ${read} read, ${write} write and ${checksum} checksum errors` }];
}

/** SAS: old uncorrected errors are a level that says little; new ones are a failure under way. */
function grownUncorrected(facts: DiskFacts, days: readonly DiskDay[], baseline: DiskBaseline | null): HardFact[] {
  if (!facts.growth_only) return [];
  const grown = change(days, "uncorrectable", baseline);
  return grown && grown > 0 ? [{ code: "uncorrected_growth", evidence: `${grown} new uncorrected errors` }] : [];
}

/** How much a number rose within the window, or since the owner accepted it within that time. */
function change(
  days: readonly DiskDay[],
  name: Exclude<keyof DiskDay, "at">,
  baseline: DiskBaseline | null = null,
): number | null {
  const last = days.at(-1);
  if (!last || last[name] === null) return null;
  const begin = last.at - windowDays * 86_400_000;
  const accepted = baseline && baseline.at >= begin && isAccepted(name) ? baseline[name] : null;
  const before = accepted ?? days.find((day) => day.at >= begin && day !== last && day[name] !== null)?.[name] ?? null;
  return before === null ? null : last[name] - before;
}

const isAccepted = (name: string): name is "uncorrectable" | "link_errors" =>
  name === "uncorrectable" || name === "link_errors";

/** The days as the model takes them, with what was accepted in its place among them. */
const readingsOf = (days: readonly DiskDay[], baseline: DiskBaseline | null) =>
  [...days, ...(baseline ? [baseline] : [])].sort((a, b) => a.at - b.at).map(readingFrom);

function signalsOf(days: readonly DiskDay[]): Signal[] {
  const now = days.at(-1);
  const signal = (name: Signal["signal"], key: Exclude<keyof DiskDay, "at">): Signal => ({
    signal: name,
    now: now?.[key] ?? null,
    change_90d: change(days, key),
  });
  return [
    signal("reallocated", "reallocated"),
    signal("pending", "unreadable"),
    signal("temperature_c", "temperature_c"),
    signal("power_on_hours", "power_on_hours"),
  ];
}

/** What is worth a word and no alarm: advice on the cable, the heat, the wear, a failing long test that was not repeated. */
function aside(facts: DiskFacts, days: readonly DiskDay[], baseline: DiskBaseline | null): string[] {
  const lines: string[] = [];
  const link = change(days, "link_errors", baseline);
  if (link && link > 0)
    lines.push(`${link} new link errors (199): check cable and connector; the disk itself may be well.`);
  const now = days.at(-1);
  const limit = facts.temperature_limit_c;
  if (now?.temperature_c && limit !== null && now.temperature_c >= limit)
    lines.push(`${now.temperature_c} °C at a limit of ${limit} °C: cool it. Heat does not enter the risk.`);
  if (now?.wear_percent && now.wear_percent >= 90) lines.push(`${now.wear_percent} % of the rated life is used.`);
  const suspects = Object.values(facts.counters).filter(({ state }) => state === "suspect").length;
  if (suspects > 0) lines.push(`${suspects} counters were left out: their values can't be counts.`);
  return lines;
}

function wouldChange(model: DiskModel, tier: Tier, hard: readonly HardFact[], protocol: Protocol): string[] {
  if (hard.length > 0)
    return ["Only that what is said above stops being so: a passed long self-test, cleared ZFS errors, another disk."];
  const worse = `A rise in ${alarming[protocol]}, a failed self-test or ZFS errors raise it at once.`;
  if (tier === "ok") return [worse];
  const calm = model.tiers[tier].calm_days;
  const lower = tiers[tiers.indexOf(tier) - 1] ?? "ok";
  return [
    ...(tier === "urgent" ? [] : [worse]),
    `Below its threshold for ${calm} days it falls to "${lower}"; acknowledged, only what comes on top speaks.`,
  ];
}
