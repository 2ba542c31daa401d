import type { JsonObject } from "../../../shared/json.ts";
import { type Smartctl, scsiSelfTestsOf } from "./smartctl.ts";

export interface SelfTest {
  outcome: "passed" | "failed" | "aborted" | "running" | "unknown";
  /** smartctl's name of the kind, e.g. "Extended offline". Text from the drive's tool, shown only. */
  kind: string;
  /** Power-on hours at its end. ATA keeps 16 bits of them: they begin anew after 65,535. */
  at_hours: number | null;
}

/** NVMe self-test results (NVMe base specification, device self-test log): 5–7 are failures, 15 is "no entry". */
const nvmeOutcome = (result: number | undefined): SelfTest["outcome"] =>
  result === 0
    ? "passed"
    : result === undefined || result > 9
      ? "unknown"
      : result >= 5 && result <= 7
        ? "failed"
        : "aborted";

/** SCSI self-test results (SPC, self-test results log): 3–7 are failures, 15 is running. */
const scsiOutcome = (result: number | undefined): SelfTest["outcome"] =>
  result === undefined
    ? "unknown"
    : result === 0
      ? "passed"
      : result <= 2
        ? "aborted"
        : result <= 7
          ? "failed"
          : "running";

/** ATA: `passed` is there only for a test that came to an end; the upper half of the status byte is 15 while it runs. */
function ataOutcome(passed: boolean | undefined, status: number | undefined): SelfTest["outcome"] {
  if (passed !== undefined) return passed ? "passed" : "failed";
  return status !== undefined && status >> 4 === 15 ? "running" : "aborted";
}

/** The self-test log, newest first, as every kind of drive keeps it. Empty where a drive keeps none. */
export function selfTestsOf(json: JsonObject, output: Smartctl): SelfTest[] {
  const { standard, extended } = output.ata_smart_self_test_log ?? {};
  const ata = (extended?.table.length ? extended : standard)?.table ?? [];
  const nvme = output.nvme_self_test_log?.table ?? [];
  return [
    ...ata
      .filter((row) => row !== null)
      .map(({ type, status, lifetime_hours }) => ({
        outcome: ataOutcome(status?.passed, status?.value),
        kind: type?.string ?? "",
        at_hours: lifetime_hours ?? null,
      })),
    ...nvme
      .filter((row) => row !== null)
      .map(({ self_test_code, self_test_result, power_on_hours }) => ({
        outcome: nvmeOutcome(self_test_result?.value),
        kind: self_test_code?.string ?? "",
        at_hours: power_on_hours ?? null,
      })),
    ...scsiSelfTestsOf(json)
      .filter((row) => row !== undefined)
      .map(({ code, result, power_on_time }) => ({
        outcome: scsiOutcome(result?.value),
        kind: code?.string ?? "",
        at_hours: power_on_time?.hours ?? null,
      })),
  ];
}

/** The newest test that came to an end: one that was aborted says nothing about the disk. */
export const lastFinished = (tests: readonly SelfTest[]): SelfTest | undefined =>
  tests.find(({ outcome }) => outcome === "passed" || outcome === "failed");
