import { expect, it } from "vitest";
import { type DiskFacts, decodeSmartctl } from "../../../src/analysis/disks/decode/decode.ts";
import {
  checkSelfTest,
  judgeSelfTest,
  selfTestChange,
  selfTestWarnings,
  testLog,
} from "../../../src/analysis/disks/self-test.ts";
import type { JsonObject } from "../../../src/shared/json.ts";

const passed = { type: { string: "Short offline" }, status: { value: 0, passed: true }, lifetime_hours: 100 };
const aborted = { type: { string: "Extended offline" }, status: { value: 25 }, lifetime_hours: 101 };
const failed = { type: { string: "Extended offline" }, status: { value: 121, passed: false }, lifetime_hours: 102 };

const ata = (more: { status?: object; table?: object[]; supported?: boolean } = {}): DiskFacts => {
  const json: JsonObject = JSON.parse(
    JSON.stringify({
      device: { protocol: "ATA" },
      ata_smart_data: {
        self_test: { status: more.status ?? { value: 0, passed: true }, polling_minutes: { short: 2, extended: 1479 } },
        ...(more.supported === undefined ? {} : { capabilities: { self_tests_supported: more.supported } }),
      },
      ata_smart_self_test_log: { standard: { table: more.table ?? [passed] } },
    }),
  );
  return decodeSmartctl(json);
};
const running = ata({ status: { value: 249, remaining_percent: 90 } });
const inItsLastTenth = ata({ status: { value: 240, remaining_percent: 0 } });

it("knows a running test, in its last tenth too, on every kind of drive", () => {
  expect([running.self_test_runs, running.self_test_remaining_percent]).toEqual([true, 90]);
  expect([inItsLastTenth.self_test_runs, inItsLastTenth.self_test_remaining_percent]).toEqual([true, 0]);
  expect([ata().self_test_runs, ata().self_test_remaining_percent]).toEqual([false, null]);
  const nvme = decodeSmartctl({
    device: { protocol: "NVMe" },
    nvme_self_test_log: { current_self_test_operation: { value: 1 }, current_self_test_completion_percent: 30 },
  });
  expect([nvme.self_test_runs, nvme.self_test_remaining_percent]).toEqual([true, 70]);
  const sas = decodeSmartctl({ device: { protocol: "SCSI" }, scsi_self_test_0: { result: { value: 15 } } });
  expect([sas.self_test_runs, sas.self_test_remaining_percent]).toEqual([true, null]);
});

it("says how long it takes by the drive's own estimate, where there is one", () => {
  expect(selfTestChange("short", ata())).toBe("self-test: none runs → short, about 2 min by the drive's own estimate");
  expect(selfTestChange("long", ata())).toBe("self-test: none runs → long, about 25 h by the drive's own estimate");
  expect(selfTestChange("long", null)).toBe("self-test: none runs → long, how long it takes is not told");
  expect(selfTestChange("abort", running)).toBe("self-test: one runs, 90 % to go → none");
  const sas = decodeSmartctl({ device: { protocol: "SCSI" }, scsi_extended_self_test_seconds: 80_400 });
  expect(sas.self_test_minutes).toEqual({ short: null, long: 1340 });
});

it("begins none beside another, aborts none where none runs, and asks nothing of a disk that has none", () => {
  expect(() => checkSelfTest("short", running)).toThrow("A self-test runs on this disk already, 90 % to go.");
  expect(() => checkSelfTest("abort", ata())).toThrow("No self-test runs on this disk.");
  expect(() => checkSelfTest("abort", null)).toThrow("No self-test runs on this disk.");
  expect(() => checkSelfTest("long", ata({ supported: false }))).toThrow("This disk has no self-tests.");
  const silent = decodeSmartctl({ device: { protocol: "SCSI" } });
  expect(() => checkSelfTest("short", silent)).toThrow("tells nothing of itself");
  for (const fine of [ata(), ata({ supported: true }), null]) expect(checkSelfTest("long", fine)).toBeUndefined();
  expect(checkSelfTest("abort", running)).toBeUndefined();
});

it("warns that it wakes a sleeping disk, strains a dying one, and competes with a scrub", () => {
  const errors = { read: 0, write: 0, checksum: 0 };
  const place = { pool: "tank", vdev: "raidz1-0", errors, scan: "scrub" as const };
  expect(selfTestWarnings("long", { asleep: true, urgent: true, place })).toEqual([
    "The disk sleeps: the test wakes it, and keeps it awake to its end.",
    "This disk is judged urgent: being read from end to end may finish it. Have a backup first.",
    "A scrub runs on its pool: both take longer together.",
  ]);
  expect(selfTestWarnings("short", { asleep: false, urgent: true, place: { ...place, scan: null } })).toEqual([]);
  expect(selfTestWarnings("abort", { asleep: false, urgent: false, place })).toEqual([
    "What it has tested so far is lost.",
  ]);
});

it("proves by reading where the disk stands", () => {
  const log = testLog(ata());
  expect(log).toBe("passed@100");
  const is = (action: "long" | "abort", facts: DiskFacts, before: string | null = log) =>
    judgeSelfTest(action, before, facts).is;
  expect(is("long", running)).toBe("after");
  expect(is("long", ata())).toBe("before");
  expect(is("long", ata({ table: [failed, passed] }))).toBe("after");
  // Undone, or aborted by somebody else: the log says so, and the test was not made.
  expect(is("long", ata({ table: [aborted, passed] }))).toBe("before");
  expect(is("long", ata(), null)).toBe("neither");
  expect(is("abort", running)).toBe("before");
  expect(is("abort", ata({ table: [aborted, passed] }))).toBe("after");
  expect(judgeSelfTest("long", log, ata({ table: [failed, passed] })).why).toBe("The self-test has ended: failed.");
});
