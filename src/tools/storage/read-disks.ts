import { type Assessment, assessDisk, assessSleeping, type DiskCase } from "../../analysis/disks/assess.ts";
import { type DiskFacts, decodeSmartctl } from "../../analysis/disks/decode/decode.ts";
import { knownValue, type Reported } from "../../analysis/disks/decode/reported.ts";
import { lastFinished } from "../../analysis/disks/decode/self-tests.ts";
import { type PoolPlace, placeOf } from "../../analysis/disks/in-pool.ts";
import { tiers } from "../../analysis/disks/model.ts";
import type { DiskBaseline, DiskDay, DiskKey, DiskMemory } from "../../analysis/disks/recorded.ts";
import { shippedModel } from "../../analysis/disks/shipped-model.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import { asProblem, StewardError } from "../../shared/errors.ts";
import { cleanLine } from "../../shared/text.ts";
import type { Disk, Reading, Smart } from "../../systems/smart/port.ts";
import type { Pool } from "../../systems/zfs/port.ts";
import type { ToolContext } from "../define.ts";

/** One disk as it was just read, and what to think of it. */
export interface SeenDisk {
  disk: Disk;
  reading: Reading;
  /** null unless it was read. */
  facts: DiskFacts | null;
  key: DiskKey;
  place: PoolPlace | null;
  history: readonly DiskDay[];
  baseline: DiskBaseline | null;
  assessment: Assessment;
}

/** Disks a shell reads at once: its connection has turns for as many. */
const atOnce = 8;
const historyMs = 400 * 86_400_000;

type Context = Pick<ToolContext, "clock" | "signal" | "systems">;

/** All disks of a host, or the one of that name or serial, worst first. Errors: not_found, and those of {@link Smart}. */
export async function readDisks(smart: Smart, host: string, context: Context, wanted?: string): Promise<SeenDisk[]> {
  const [disks, pools] = await Promise.all([smart.disks(context.signal), poolsOf(host, context)]);
  const asked = wanted === undefined ? disks : disks.filter(({ name, serial }) => name === wanted || serial === wanted);
  if (wanted !== undefined && asked.length === 0)
    throw new StewardError("not_found", "No disk of that name or serial is there.", "get_disks lists them.");
  const seen = await eachLimited(asked, atOnce, async (disk) =>
    judged(disk, await readingOf(smart, disk, context), placeOf(pools, disk.name), context),
  );
  return seen.sort((a, b) => rank(b.assessment.tier) - rank(a.assessment.tier));
}

/** None where the host has no ZFS, or does not tell: a disk is judged all the same. */
async function poolsOf(host: string, { systems, signal }: Context): Promise<Pool[]> {
  if (!systems.zfs.hosts.includes(host)) return [];
  const [answer] = await systems.zfs.each((zfs) => zfs.pools(signal), host);
  return answer?.ok ? answer.value : [];
}

const ranks: readonly Assessment["tier"][] = ["ok", "unknown", ...tiers.slice(1)];
const rank = (tier: Assessment["tier"]): number => ranks.indexOf(tier);

/** One disk that can't be read takes no other with it; a host that can't be reached fails as a whole. */
async function readingOf(smart: Smart, { name }: Disk, { clock, signal }: Context): Promise<Reading> {
  try {
    return await smart.read(name, signal);
  } catch (error) {
    if (error instanceof StewardError && (error.code === "timeout" || error.code === "wrong_answer"))
      return { state: "unmonitored", at: clock.now(), why: asProblem(error).message.replace(/\.$/, "") };
    throw error;
  }
}

/** Nothing of a disk without a serial number, and nothing where the store can't be used: it is judged all the same. */
function remembered(memory: DiskMemory, key: DiskKey, since: number): Pick<SeenDisk, "history" | "baseline"> {
  const nothing = { history: [], baseline: null };
  if (key.serial === "") return nothing;
  try {
    return { history: memory.days(key, since), baseline: memory.baseline(key) };
  } catch (error) {
    if (error instanceof StewardError) return nothing;
    throw error;
  }
}

/** USB bridges stand before SATA disks. */
const protocols = { ata: "ata", usb: "ata", unknown: "ata", nvme: "nvme", sas: "scsi" } as const;

function judged(disk: Disk, reading: Reading, place: PoolPlace | null, { systems }: Context): SeenDisk {
  const facts = reading.state === "read" ? decodeSmartctl(reading.smartctl) : null;
  const key = { model: facts?.model ?? disk.model, serial: facts?.serial ?? disk.serial };
  const { at } = reading;
  const { history, baseline } = remembered(systems.diskMemory, key, at - historyMs);
  const known: Omit<DiskCase, "facts"> = { at, history, baseline, zfs: place?.errors ?? null };
  const assessment =
    reading.state === "standby"
      ? assessSleeping(shippedModel, { ...known, protocol: protocols[disk.protocol] })
      : assessDisk(shippedModel, {
          ...known,
          facts: facts ?? decodeSmartctl({}),
          ...(reading.state === "unmonitored" && { untold: reading.why }),
        });
  return { disk, reading, facts, key, place, history, baseline, assessment };
}

const number = (reported: Reported | undefined): number | null => (reported ? knownValue(reported) : null);

/** A disk in a few facts, as get_disks gives it. What the drive says of itself is cleaned: it is text from outside. */
export function describeDisk(host: string, { disk, reading, facts, key, place, assessment }: SeenDisk) {
  const test = facts ? lastFinished(facts.self_tests) : undefined;
  return {
    host,
    disk: disk.name,
    model: cleanLine(key.model, 60),
    serial: cleanLine(key.serial, 40),
    size_bytes: facts?.size_bytes ?? disk.size_bytes,
    protocol: disk.protocol === "unknown" && facts ? facts.protocol : disk.protocol,
    slot: disk.slot,
    pool: place?.pool ?? null,
    vdev: place?.vdev ?? null,
    state: reading.state,
    tier: assessment.tier,
    smart: facts?.smart ?? ("unknown" as const),
    temperature_c: reading.state === "unmonitored" ? (reading.temperature_c ?? null) : number(facts?.temperature_c),
    temperature_limit_c: facts?.temperature_limit_c ?? null,
    power_on_hours: number(facts?.power_on_hours),
    link_errors: number(facts?.link_errors),
    wear_percent: number(facts?.wear_percent),
    last_self_test: test ? { outcome: test.outcome, at_hours: test.at_hours } : null,
    self_test_remaining_percent: facts?.self_test_remaining_percent ?? null,
  };
}
