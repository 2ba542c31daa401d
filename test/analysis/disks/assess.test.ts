import { describe, expect, it } from "vitest";
import { assessDisk, assessSleeping, type DiskCase } from "../../../src/analysis/disks/assess.ts";
import { decodeSmartctl } from "../../../src/analysis/disks/decode/decode.ts";
import { type DiskDay, dayFrom } from "../../../src/analysis/disks/recorded.ts";
import { wearOut } from "../../../src/analysis/disks/wear-out.ts";
import { asJsonObject } from "../../../src/shared/json.ts";
import { handModel } from "./support.ts";

const dayMs = 86_400_000;
const today = 20_000;

interface Told {
  reallocated?: number;
  unreadable?: number;
  crc?: number;
  celsius?: number;
  hours?: number;
}
const hdd = ({ reallocated = 0, unreadable = 0, crc = 0, celsius = 31, hours = 40_000 }: Told = {}) =>
  decodeSmartctl(
    asJsonObject({
      device: { protocol: "ATA" },
      rotation_rate: 7200,
      smart_status: { passed: true },
      temperature: { current: celsius, op_limit_max: 60 },
      power_on_time: { hours },
      ata_smart_attributes: {
        table: [
          { id: 5, raw: { value: reallocated } },
          { id: 197, raw: { value: unreadable } },
          { id: 199, raw: { value: crc } },
        ],
      },
    }),
  );
const sas = (uncorrected: number, grown: number) =>
  decodeSmartctl(
    asJsonObject({
      device: { protocol: "SCSI" },
      rotation_rate: 10_000,
      scsi_grown_defect_list: grown,
      scsi_error_counter_log: { read: { total_uncorrected_errors: uncorrected } },
    }),
  );
const on = (day: number, facts: ReturnType<typeof hdd>): DiskDay => dayFrom(facts, day * dayMs);
const assess = (facts: ReturnType<typeof hdd>, more: Partial<DiskCase> = {}) =>
  assessDisk(handModel, { facts, at: today * dayMs, history: [], baseline: null, zfs: null, ...more });

describe("words", () => {
  it("call the counters of NVMe and SAS disks by their own names, and name none that their kind does not have", () => {
    const nvme = (media_errors: number) =>
      decodeSmartctl({ device: { protocol: "NVMe" }, nvme_smart_health_information_log: { media_errors } });
    expect(assess(nvme(3)).evidence[0]).toMatch(/^3 media and data integrity errors \(media_errors\), /);
    expect(assess(nvme(0))).toMatchObject({
      evidence: ["Nothing counted in media_errors."],
      would_change: ["A rise in media_errors, a failed self-test or ZFS errors raise it at once."],
    });
    const history = [on(today - 10, sas(0, 260))];
    const grown = assess(sas(0, 264), { history });
    expect(grown.evidence).toEqual([
      "4 new grown defects (grown defect list), up 4 in 30 days and 4 in 90, last today.",
      "Nothing counted in error counter log.",
    ]);
    const slept = [on(today - 9, sas(0, 260)), on(today - 5, sas(0, 263))];
    const asleep = assessSleeping(handModel, { at: today * dayMs, history: slept, baseline: null, protocol: "scsi" });
    expect(asleep.evidence[1]).toMatch(/^3 new grown defects /);
  });
});

describe("hard facts", () => {
  it("are critical at once, whatever the counters say", () => {
    const assessment = assess(hdd(), { zfs: { read: 0, write: 1, checksum: 3 } });
    expect(assessment).toMatchObject({ tier: "urgent", risk: null, survival: [] });
    expect(assessment.evidence[0]).toBe("ZFS counted 0 read, 1 write and 3 checksum errors.");
  });

  it("speak of SAS errors that are new, and of no old ones", () => {
    const history = [on(today - 10, sas(536, 260))];
    expect(assess(sas(536, 260), { history }).tier).toBe("ok");
    const grown = assess(sas(538, 260), { history });
    expect(grown.tier).toBe("urgent");
    expect(grown.evidence[0]).toBe("2 new uncorrected errors.");
    expect(assess(sas(538, 260), { history, baseline: on(today, sas(538, 260)) }).tier).toBe("ok");
  });
});

describe("what is told of a disk", () => {
  it("claims nothing where nothing is known", () => {
    for (const smart_status of [undefined, { passed: true }]) {
      const facts = decodeSmartctl(asJsonObject({ device: { protocol: "SCSI" }, smart_status }));
      expect(assess(facts)).toMatchObject({ tier: "unknown", risk: null, confidence: "none", survival: [] });
    }
  });

  it("gives the risk as a band of 2.5 times to both sides, never as days", () => {
    expect(assess(hdd()).risk).toEqual({
      days_30: { low_percent: 0.04, high_percent: 0.25 },
      days_120: { low_percent: 0.16, high_percent: 1 },
    });
  });

  it("shows the seed's four signals now and over 90 days", () => {
    const history = [
      on(today - 200, hdd({ reallocated: 0, hours: 35_200 })),
      on(today - 80, hdd({ reallocated: 2, celsius: 35, hours: 38_080 })),
    ];
    expect(assess(hdd({ reallocated: 12, unreadable: 4 }), { history }).signals).toEqual([
      { signal: "reallocated", now: 12, change_90d: 10 },
      { signal: "pending", now: 4, change_90d: 4 },
      { signal: "temperature_c", now: 31, change_90d: -4 },
      { signal: "power_on_hours", now: 40_000, change_90d: 1_920 },
    ]);
    expect(assess(hdd()).signals[0]).toEqual({ signal: "reallocated", now: 0, change_90d: null });
  });

  it("is sure of itself only with 90 days behind it", () => {
    expect(assess(hdd()).confidence).toBe("levels_only");
    expect(assess(hdd(), { history: [on(today - 40, hdd())] }).confidence).toBe("short_history");
    expect(assess(hdd(), { history: [on(today - 91, hdd())] }).confidence).toBe("full");
  });

  it("takes new link errors and heat for advice, not for risk", () => {
    const history = [on(today - 5, hdd({ crc: 3 }))];
    const advised = assess(hdd({ crc: 7, celsius: 61 }), { history });
    expect(advised.tier).toBe("ok");
    expect(advised.evidence).toContain(
      "4 new link errors (199): check cable and connector; the disk itself may be well.",
    );
    expect(advised.evidence).toContain("61 °C at a limit of 60 °C: cool it. Heat does not enter the risk.");
    expect(assess(hdd({ crc: 644 })).evidence.join(" ")).not.toContain("link");
  });

  it("says when an urgent disk would be let go", () => {
    const history = [on(today - 20, hdd())];
    const facts = hdd({ reallocated: 12, unreadable: 8 });
    expect(assess(facts, { history }).would_change).toEqual([
      "A rise in 5, 187 or 197/198, a failed self-test or ZFS errors raise it at once.",
      'Below its threshold for 30 days it falls to "watch"; acknowledged, only what comes on top speaks.',
    ]);
    expect(assess(facts, { history, baseline: on(today, facts) }).tier).toBe("ok");
  });
});

describe("the end of an SSD's rated life", () => {
  const wear = (day: number, wear_percent: number | null): DiskDay => ({ ...on(day, hdd()), wear_percent });

  it("is an interval of dates, as wide as whole percents make it", () => {
    // 10 % in 100 days, told as 9 to 11: 50 % are left.
    expect(wearOut([wear(today - 100, 40), wear(today, 50)])).toEqual({ earliest: "2026-01-01", latest: "2026-04-12" });
  });

  it("is not guessed from too little", () => {
    expect(wearOut([])).toBeNull();
    expect(wearOut([wear(today - 100, null), wear(today, 50)])).toBeNull();
    expect(wearOut([wear(today - 100, 49), wear(today, 50)])).toBeNull();
    expect(wearOut([wear(today - 20, 40), wear(today, 50)])).toBeNull();
  });
});
