import { attributesOf } from "./ata.ts";
import { lastFinished, type SelfTest } from "./self-tests.ts";
import type { Smartctl } from "./smartctl.ts";

/** What makes a disk critical at once, whatever its history. */
export interface HardFact {
  code:
    | "smart_failed"
    | "attribute_failing"
    | "self_test_failed"
    | "nvme_warning"
    | "spare_used_up"
    | "uncorrected_growth"
    | "zfs_errors";
  /** One line, our own words and numbers. */
  evidence: string;
}

/** NVMe critical_warning (NVMe base specification, SMART log). Bit 1, temperature, is advice: it latches after one hot hour. */
const nvmeWarnings: readonly (readonly [bit: number, meaning: string])[] = [
  [0, "spare blocks below the threshold"],
  [2, "reliability degraded by media or internal errors"],
  [3, "media has become read-only"],
];
const temperatureWarning = 0b10;

/** Airflow and temperature attributes "fail" on a hot day. */
const temperatures = new Set([190, 194]);

/** The hard facts one reading gives by itself. Growth between two readings, and ZFS's own errors, are added where they are known. */
export function hardFactsOf(output: Smartctl, passed: boolean | undefined, tests: readonly SelfTest[]): HardFact[] {
  const facts: HardFact[] = [];
  const health = output.nvme_smart_health_information_log;
  const warning = health?.critical_warning ?? 0;
  // Of an NVMe disk the status says no more than "some warning is set".
  const onlyHot = warning === temperatureWarning;
  if (passed === false && !onlyHot)
    facts.push({
      code: "smart_failed",
      evidence: `SMART status: failed${warning ? ` (critical_warning ${warning})` : ""}`,
    });
  for (const { id, value, thresh, when_failed, flags } of attributesOf(output))
    if (when_failed === "now" && flags?.prefailure !== false && !temperatures.has(id))
      facts.push({
        code: "attribute_failing",
        evidence: `Attribute ${id} fails now: ${value} at a threshold of ${thresh}`,
      });
  const newest = lastFinished(tests);
  if (newest?.outcome === "failed")
    facts.push({
      code: "self_test_failed",
      evidence: `The newest finished self-test failed${newest.at_hours === null ? "" : ` at ${newest.at_hours} h`}`,
    });
  for (const [bit, meaning] of nvmeWarnings)
    if (warning & (1 << bit)) facts.push({ code: "nvme_warning", evidence: `critical_warning bit ${bit}: ${meaning}` });
  const spare = health?.available_spare;
  const least = health?.available_spare_threshold;
  // A threshold of 100 would condemn a new disk: that firmware means nothing by it.
  if (spare !== undefined && least !== undefined && least > 0 && least < 100 && spare <= least)
    facts.push({ code: "spare_used_up", evidence: `Spare ${spare} % at a threshold of ${least} %` });
  return facts;
}
