import type { JsonObject } from "../../../shared/json.ts";
import { type CounterName, type Counters, counterNames, noCounters } from "../counters.ts";
import { ataCounter, ataHours, ataTemperature, ataWear, attributesOf, linkErrors } from "./ata.ts";
import { type ExitMeaning, exitMeaning } from "./exit-status.ts";
import { type HardFact, hardFactsOf } from "./hard-facts.ts";
import { absent, known, knownValue, plain, type Reported, suspect } from "./reported.ts";
import { type SelfTest, selfTestsOf } from "./self-tests.ts";
import { type Smartctl, smartctlOutput } from "./smartctl.ts";

/** A disk's SMART data under names that do not depend on its maker or its bus. */
export interface DiskFacts {
  /** "no": nothing was told, so nothing is known, good or bad. "status_only": passed or failed, and no counter. */
  monitored: "yes" | "status_only" | "no";
  protocol: "ata" | "nvme" | "scsi" | "unknown";
  media: "hdd" | "ssd" | "unknown";
  /** As the drive gives them: text from outside. */
  model: string | null;
  serial: string | null;
  size_bytes: number | null;
  smart: "passed" | "failed" | "unknown";
  counters: Readonly<Record<CounterName, Reported>>;
  /** SAS grown defects are a level that means little: only what comes on top is judged. */
  growth_only: boolean;
  link_errors: Reported;
  power_on_hours: Reported;
  temperature_c: Reported;
  /** What the maker allows in operation. */
  temperature_limit_c: number | null;
  /** % of the rated life of an SSD; may exceed 100. */
  wear_percent: Reported;
  spare_percent: Reported;
  spare_threshold_percent: number | null;
  /** Newest first. */
  self_tests: SelfTest[];
  /** % of the running self-test that is still to do; null when none runs, or where the drive does not say how far (SAS). */
  self_test_remaining_percent: number | null;
  self_test_runs: boolean;
  /** False where the drive says that it has none; null where it doesn't say. */
  self_tests_supported: boolean | null;
  /** The drive's own estimate; null where it gives none (NVMe). */
  self_test_minutes: { short: number | null; long: number | null };
  exit: ExitMeaning;
  hard_facts: HardFact[];
}

const protocols = { ATA: "ata", NVMe: "nvme", SCSI: "scsi" } as const;
const isProtocol = (name: string): name is keyof typeof protocols => Object.hasOwn(protocols, name);

/** Decodes what `smartctl -x -j` printed. Never throws: what can't be read is absent. */
export function decodeSmartctl(json: JsonObject): DiskFacts {
  const output = smartctlOutput.parse(json);
  const told = output.device?.protocol ?? "";
  const protocol = isProtocol(told) ? protocols[told] : "unknown";
  const tests = selfTestsOf(json, output);
  const counters = countersOf(output, protocol);
  const remaining = remainingOf(output);
  const exit = exitMeaning(output.smartctl?.exit_status ?? 0);
  const passed = passedOf(output);
  const anyCounter = counterNames.some((name) => counters[name].state === "known");
  const health = output.nvme_smart_health_information_log;
  return {
    monitored: anyCounter ? "yes" : passed === undefined ? "no" : "status_only",
    protocol,
    media: protocol === "nvme" || output.rotation_rate === 0 ? "ssd" : output.rotation_rate ? "hdd" : "unknown",
    model: output.model_name ?? output.scsi_model_name ?? null,
    serial: output.serial_number ?? null,
    size_bytes: output.user_capacity?.bytes ?? output.nvme_total_capacity ?? null,
    smart: passed === undefined ? "unknown" : passed ? "passed" : "failed",
    counters,
    growth_only: protocol === "scsi",
    link_errors: linkErrors(attributesOf(output)),
    power_on_hours: hoursOf(output),
    temperature_c: temperatureOf(output),
    temperature_limit_c: limitOf(output),
    wear_percent: wearOf(output),
    spare_percent: plain(health?.available_spare ?? output.spare_available?.current_percent),
    spare_threshold_percent: health?.available_spare_threshold ?? output.spare_available?.threshold_percent ?? null,
    self_tests: tests,
    self_test_remaining_percent: remaining,
    self_test_runs: remaining !== null || (protocol === "scsi" && tests[0]?.outcome === "running"),
    self_tests_supported:
      output.ata_smart_data?.capabilities?.self_tests_supported ??
      output.nvme_optional_admin_commands?.self_test ??
      null,
    self_test_minutes: minutesOf(output),
    exit,
    hard_facts: hardFactsOf(output, passed, tests),
  };
}

/** What the model takes: trustworthy counts, null for all others. */
export function judgeable(facts: DiskFacts): Counters {
  const counters: Counters = { ...noCounters };
  for (const name of counterNames) counters[name] = knownValue(facts.counters[name]);
  return counters;
}

/** The exit status tells of a failing disk also where the status itself was left out. */
function passedOf({ smart_status, smartctl }: Smartctl): boolean | undefined {
  return smart_status?.passed ?? (exitMeaning(smartctl?.exit_status ?? 0).failing ? false : undefined);
}

function countersOf(output: Smartctl, protocol: DiskFacts["protocol"]): DiskFacts["counters"] {
  const none = { reallocated: absent, uncorrectable: absent, command_timeouts: absent, unreadable: absent };
  if (protocol === "nvme")
    return { ...none, uncorrectable: plain(output.nvme_smart_health_information_log?.media_errors) };
  if (protocol === "scsi")
    return { ...none, reallocated: plain(output.scsi_grown_defect_list), uncorrectable: uncorrected(output) };
  const rows = attributesOf(output);
  return {
    reallocated: ataCounter(rows, "reallocated"),
    uncorrectable: ataCounter(rows, "uncorrectable"),
    command_timeouts: ataCounter(rows, "command_timeouts"),
    unreadable: ataCounter(rows, "unreadable"),
  };
}

function uncorrected({ scsi_error_counter_log: log }: Smartctl): Reported {
  const counts = [log?.read, log?.write, log?.verify].flatMap((one) => one?.total_uncorrected_errors ?? []);
  return counts.length === 0 ? absent : plain(counts.reduce((sum, count) => sum + count, 0));
}

/** No drive is older: 25 years. */
const MOST_HOURS = 219_000;

function hoursOf(output: Smartctl): Reported {
  const hours =
    output.power_on_time?.hours ??
    output.nvme_smart_health_information_log?.power_on_hours ??
    ataHours(attributesOf(output));
  if (hours === undefined) return absent;
  return hours >= 0 && hours <= MOST_HOURS ? known(hours) : suspect("more hours than a drive can have");
}

/** 0 °C is what drives without a sensor say, 255 what those with a broken one say. */
function temperatureOf(output: Smartctl): Reported {
  const said = [
    output.temperature?.current,
    output.scsi_environmental_reports?.temperature_1?.current,
    output.nvme_smart_health_information_log?.temperature,
    ataTemperature(attributesOf(output)),
  ].filter((value) => value !== undefined);
  const sane = said.find((value) => value > 0 && value < 120);
  return sane !== undefined ? known(sane) : said.length > 0 ? suspect("no temperature a disk can have") : absent;
}

function limitOf({ temperature, nvme_composite_temperature_threshold: nvme }: Smartctl): number | null {
  const limits = [nvme?.warning, temperature?.op_limit_max, temperature?.drive_trip, temperature?.limit_max];
  return limits.find((limit) => limit !== undefined && limit > 30 && limit < 130) ?? null;
}

function wearOf(output: Smartctl): Reported {
  const used =
    output.nvme_smart_health_information_log?.percentage_used ??
    output.endurance_used?.current_percent ??
    output.scsi_percentage_used_endurance_indicator;
  if (used !== undefined) return plain(used);
  return output.rotation_rate === 0 ? ataWear(attributesOf(output)) : absent;
}

function remainingOf(output: Smartctl): number | null {
  const nvme = output.nvme_self_test_log;
  if (nvme?.current_self_test_operation?.value) return 100 - (nvme.current_self_test_completion_percent ?? 0);
  const { value, remaining_percent } = output.ata_smart_data?.self_test?.status ?? {};
  if (value === undefined) return remaining_percent || null;
  // The upper half of the byte is 15 while a test runs, also when its last 10 % are counted as 0.
  return value >> 4 === 15 ? (remaining_percent ?? 0) : null;
}

function minutesOf(output: Smartctl): DiskFacts["self_test_minutes"] {
  const { short, extended } = output.ata_smart_data?.self_test?.polling_minutes ?? {};
  const seconds = output.scsi_extended_self_test_seconds;
  return { short: short ?? null, long: extended ?? (seconds === undefined ? null : Math.ceil(seconds / 60)) };
}
