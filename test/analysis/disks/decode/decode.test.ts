import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSmartctl, judgeable } from "../../../../src/analysis/disks/decode/decode.ts";
import { asJsonObject } from "../../../../src/shared/json.ts";

const decode = (output: object) => decodeSmartctl(asJsonObject(output));

interface Row {
  id: number;
  name?: string;
  value?: number;
  thresh?: number;
  when_failed?: string;
  flags?: { prefailure: boolean };
  raw?: { value: number; string?: string };
}
const ata = (table: Row[], more: object = {}) =>
  decode({ device: { type: "sat", protocol: "ATA" }, ata_smart_attributes: { table }, ...more });
const raw = (id: number, value: number, string = String(value)): Row => ({ id, raw: { value, string } });
const nvme = (log: object, more: object = {}) =>
  decode({ device: { type: "nvme", protocol: "NVMe" }, nvme_smart_health_information_log: log, ...more });
const scsi = (more: object) => decode({ device: { type: "scsi", protocol: "SCSI" }, ...more });
const codes = ({ hard_facts }: ReturnType<typeof decode>) => hard_facts.map(({ code }) => code);

describe("ATA counters", () => {
  it("takes the lowest of 188's three words, however smartctl prints them", () => {
    expect(ata([raw(188, 51_540_393_996)]).counters.command_timeouts).toEqual({ state: "known", value: 12 });
    expect(ata([raw(188, 4_295_032_833, "1 1 1")]).counters.command_timeouts).toEqual({ state: "known", value: 1 });
  });

  it("reads 5 as raw16(raw16), and 196 where a maker has no 5", () => {
    expect(ata([raw(5, 196_608, "0 (3)")]).counters.reallocated).toEqual({ state: "known", value: 0 });
    expect(ata([raw(196, 7)]).counters.reallocated).toEqual({ state: "known", value: 7 });
  });

  it("calls a sentinel suspect, and a counter that is missing absent", () => {
    const facts = ata([raw(5, 65_533), raw(197, 65_535), raw(187, 2 ** 40)]);
    expect(facts.counters.reallocated.state).toBe("suspect");
    expect(facts.counters.unreadable.state).toBe("suspect");
    expect(facts.counters.uncorrectable.state).toBe("suspect");
    expect(facts.counters.command_timeouts).toEqual({ state: "absent" });
    expect(judgeable(facts)).toEqual({
      reallocated: null,
      uncorrectable: null,
      command_timeouts: null,
      unreadable: null,
    });
    expect(facts.monitored).toBe("no");
  });

  it("trusts no number that smartctl prints otherwise", () => {
    expect(ata([raw(197, 10, "0")]).counters.unreadable).toEqual({
      state: "suspect",
      why: "raw value and its print disagree",
    });
  });

  it("does not look at what Seagate packs into 1, 7, 195 and 240", () => {
    const quiet = ata([raw(5, 0)]);
    const packed = [1, 7, 195, 240].map((id) => raw(id, 244_813_135_872));
    expect(ata([raw(5, 0), ...packed])).toEqual(quiet);
  });

  it("sees a failure by the normalised value beside a raw 0", () => {
    const failing = { value: 1, thresh: 36, when_failed: "now", flags: { prefailure: true } };
    const facts = ata([{ ...raw(5, 0), ...failing }]);
    expect(facts.counters.reallocated).toEqual({ state: "known", value: 0 });
    expect(facts.hard_facts).toEqual([
      { code: "attribute_failing", evidence: "Attribute 5 fails now: 1 at a threshold of 36" },
    ]);
  });

  it("takes neither a hot day, nor old age, nor a failure in the past for a failing attribute", () => {
    const now = { value: 40, thresh: 45, when_failed: "now" };
    expect(codes(ata([{ ...raw(190, 60), ...now, flags: { prefailure: true } }]))).toEqual([]);
    expect(codes(ata([{ ...raw(9, 80_000), ...now, flags: { prefailure: false } }]))).toEqual([]);
    expect(codes(ata([{ ...raw(5, 0), ...now, when_failed: "past", flags: { prefailure: true } }]))).toEqual([]);
  });
});

describe("hours and temperature", () => {
  it.each([
    [9_023_116_403_587_028, "47060h+35m+00.858s", 47_060],
    [115_594_749_838_557, "34013 (105 34 0)", 34_013],
    [4_179, "4179", 4_179],
  ])("reads %d, printed as %s", (value, string, hours) => {
    expect(ata([raw(9, value, string)]).power_on_hours).toEqual({ state: "known", value: hours });
  });

  it("prefers the hours smartctl worked out, and believes no drive of 30 years", () => {
    expect(ata([raw(9, 3_600_000)], { power_on_time: { hours: 1_000 } }).power_on_hours).toEqual({
      state: "known",
      value: 1_000,
    });
    expect(ata([], { power_on_time: { hours: 262_800 } }).power_on_hours.state).toBe("suspect");
  });

  it("prefers temperature.current; else what is printed; else the lowest byte", () => {
    const packed = { id: 194, raw: { value: 42_952_491_043 } };
    expect(ata([packed]).temperature_c).toEqual({ state: "known", value: 35 });
    expect(ata([raw(194, 163_210_330_154, "32 (Min/Max 24/38)")]).temperature_c).toEqual({ state: "known", value: 32 });
    expect(ata([packed], { temperature: { current: 62 } }).temperature_c).toEqual({ state: "known", value: 62 });
    expect(ata([raw(190, 605_552_673, "33 (Min/Max 24/36)")]).temperature_c).toEqual({ state: "known", value: 33 });
    expect(ata([], { temperature: { current: 0 } }).temperature_c.state).toBe("suspect");
  });
});

describe("self-tests", () => {
  const test = (value: number, passed?: boolean) => ({
    type: { string: "Extended offline" },
    status: { value, ...(passed === undefined ? {} : { passed }) },
    lifetime_hours: 42,
  });
  const log = (...table: object[]) => ata([], { ata_smart_self_test_log: { standard: { table } } });

  it("takes no `passed` for aborted, and looks past it to the last that came to an end", () => {
    const facts = log(test(25), test(121, false), test(0, true));
    expect(facts.self_tests.map(({ outcome }) => outcome)).toEqual(["aborted", "failed", "passed"]);
    expect(facts.hard_facts).toEqual([
      { code: "self_test_failed", evidence: "The newest finished self-test failed at 42 h" },
    ]);
  });

  it("lets a failure go when a newer test passed, and sees one that runs", () => {
    expect(codes(log(test(0, true), test(121, false)))).toEqual([]);
    expect(log(test(249)).self_tests[0]?.outcome).toBe("running");
  });

  it("reads sparse NVMe tables with nulls", () => {
    const entry = (value: number) => ({ self_test_result: { value }, power_on_hours: 9 });
    const facts = nvme({}, { nvme_self_test_log: { table: [null, entry(1), null, entry(7)] } });
    expect(facts.self_tests.map(({ outcome }) => outcome)).toEqual(["aborted", "failed"]);
    expect(codes(facts)).toEqual(["self_test_failed"]);
  });

  it("reads SCSI's numbered keys", () => {
    const facts = scsi({ scsi_self_test_0: { result: { value: 15 } }, scsi_self_test_1: { result: { value: 6 } } });
    expect(facts.self_tests.map(({ outcome }) => outcome)).toEqual(["running", "failed"]);
    expect(codes(facts)).toEqual(["self_test_failed"]);
  });
});

describe("NVMe", () => {
  const failed = { smart_status: { passed: false } };

  it.each([
    [0b1, "critical_warning bit 0: spare blocks below the threshold"],
    [0b100, "critical_warning bit 2: reliability degraded by media or internal errors"],
    [0b1000, "critical_warning bit 3: media has become read-only"],
  ])("knows warning %i", (critical_warning, evidence) => {
    const facts = nvme({ critical_warning }, failed);
    expect(codes(facts)).toEqual(["smart_failed", "nvme_warning"]);
    expect(facts.hard_facts[1]?.evidence).toBe(evidence);
  });

  it("does not condemn a disk that was hot once", () => {
    expect(codes(nvme({ critical_warning: 2 }, failed))).toEqual([]);
  });

  it("holds spare against its threshold, unless the threshold means nothing", () => {
    const spare = (available_spare: number, available_spare_threshold: number) =>
      codes(nvme({ available_spare, available_spare_threshold }));
    expect(spare(10, 10)).toEqual(["spare_used_up"]);
    expect(spare(11, 10)).toEqual([]);
    expect(spare(100, 100)).toEqual([]);
    expect(spare(0, 0)).toEqual([]);
  });

  it("lets percentage_used exceed 100, and takes no error-log entries for errors", () => {
    const facts = nvme({ percentage_used: 130, num_err_log_entries: 8_382, media_errors: 0 });
    expect(facts.wear_percent).toEqual({ state: "known", value: 130 });
    expect(facts.counters.uncorrectable).toEqual({ state: "known", value: 0 });
    expect(codes(facts)).toEqual([]);
  });
});

describe("SAS", () => {
  it("adds uncorrected errors up, text or number, and takes levels for no alarm", () => {
    const facts = scsi({
      smart_status: { passed: true },
      scsi_grown_defect_list: "260",
      scsi_error_counter_log: {
        read: { total_uncorrected_errors: "1" },
        write: { total_uncorrected_errors: 535, gigabytes_processed: "11151.772" },
      },
    });
    expect(facts.counters.reallocated).toEqual({ state: "known", value: 260 });
    expect(facts.counters.uncorrectable).toEqual({ state: "known", value: 536 });
    expect(facts.growth_only).toBe(true);
    expect(codes(facts)).toEqual([]);
  });
});

describe("what can't be read", () => {
  it("calls a USB bridge that passes nothing on unmonitored, never healthy", () => {
    const bridge = decode({
      device: { type: "usb", protocol: "SCSI" },
      smartctl: { exit_status: 4 },
      model_name: "Box",
    });
    expect(bridge).toMatchObject({ monitored: "no", smart: "unknown", temperature_c: { state: "absent" } });
    expect(decode({ device: { protocol: "SCSI" }, smart_status: { passed: true } }).monitored).toBe("status_only");
  });

  it.each([
    [2, { no_answer: true, partly: false, failing: false, at_threshold: false, past: false }],
    [4, { no_answer: false, partly: true, failing: false, at_threshold: false, past: false }],
    [64, { no_answer: false, partly: false, failing: false, at_threshold: false, past: true }],
    [216, { no_answer: false, partly: false, failing: true, at_threshold: true, past: true }],
  ])("reads exit status %i bit by bit", (exit_status, exit) => {
    expect(decode({ smartctl: { exit_status } }).exit).toEqual(exit);
  });

  it("believes the exit status where the SMART status is missing", () => {
    const facts = decode({ smartctl: { exit_status: 8 } });
    expect([facts.smart, codes(facts), facts.monitored]).toEqual(["failed", ["smart_failed"], "status_only"]);
  });

  it("throws at nothing", () => {
    const whole = {
      device: { protocol: "ATA" },
      ata_smart_attributes: { table: [raw(5, 1)] },
      ata_smart_self_test_log: { standard: { table: [{ status: { value: 0 } }] } },
      nvme_self_test_log: { table: [null] },
      scsi_self_test_0: { result: { value: 1 } },
    };
    const keys = fc.constantFrom(...Object.keys(whole));
    fc.assert(
      fc.property(keys, fc.jsonValue(), (key, value) => {
        expect(decode({ ...whole, [key]: value }).monitored).toMatch(/^(yes|status_only|no)$/);
      }),
    );
  });
});
