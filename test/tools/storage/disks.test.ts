import { describe, expect, it } from "vitest";
import { z } from "zod";
import { StewardError } from "../../../src/shared/errors.ts";
import { getDisks } from "../../../src/tools/storage/get-disks.ts";
import { predictDiskFailure } from "../../../src/tools/storage/predict-disk-failure.ts";
import { dayMs, days, disk, diskContext, now, pool, smartOf, told, withPools } from "./disk-house.ts";

const answer = z.looseObject({
  disks: z.array(z.looseObject({ disk: z.string(), tier: z.string(), state: z.string() })),
  total: z.number(),
});

const home = smartOf([disk("sda"), disk("sdb", { slot: "2:0:1:0" }), disk("sdc"), disk("sdd", { protocol: "usb" })], {
  sda: told("Z-sda"),
  sdb: told("Z-sdb", {}, { smart_status: { passed: false } }),
  sdc: { state: "standby", at: now },
  sdd: new StewardError("timeout", "The machine took too long.", "Try again."),
});

describe("get_disks", () => {
  it("lists the worst first, and calls no disk well that tells nothing", async () => {
    const { structured, text } = await getDisks.call({}, diskContext(home));
    expect(answer.parse(structured).disks.map(({ disk, tier, state }) => [disk, tier, state])).toEqual([
      ["sdb", "urgent", "read"],
      ["sdc", "unknown", "standby"],
      ["sdd", "unknown", "unmonitored"],
      ["sda", "ok", "read"],
    ]);
    expect(text.split("\n").slice(0, 2)).toEqual(["4 disks.", "- sdb on nas (ST4000VN008): urgent, 31 °C"]);
  });

  it("says what it knows of a disk", async () => {
    const { structured } = await getDisks.call({ only_problems: true, detail: "full" }, diskContext(home));
    const { disks, total } = answer.parse(structured);
    expect([disks.length, total]).toEqual([3, 4]);
    expect(disks[0]).toEqual({
      host: "nas",
      disk: "sdb",
      model: "ST4000VN008",
      serial: "Z-sdb",
      size_bytes: 4_000_787_030_016,
      protocol: "ata",
      slot: "2:0:1:0",
      pool: null,
      vdev: null,
      state: "read",
      tier: "urgent",
      smart: "failed",
      temperature_c: 31,
      temperature_limit_c: 60,
      power_on_hours: 40_000,
      link_errors: 2,
      wear_percent: null,
      last_self_test: { outcome: "passed", at_hours: 39_990 },
      self_test_remaining_percent: null,
      evidence: expect.arrayContaining(["SMART status: failed."]),
    });
  });

  it("tells a temperature and what to configure, where that is all a host can say of a disk", async () => {
    const why = "TrueNAS tells no SMART values from 25.10 on: configure shell on its host";
    const silent = smartOf([disk("sda")], { sda: { state: "unmonitored", at: now, why, temperature_c: 36 } });
    const { structured, text } = await getDisks.call({ detail: "full" }, diskContext(silent));
    expect(answer.parse(structured).disks[0]).toMatchObject({
      state: "unmonitored",
      tier: "unknown",
      temperature_c: 36,
      evidence: [`${why}.`],
    });
    expect(text).toContain("sda on nas (ST4000VN008): unknown, unmonitored, 36 °C");
    const verdict = (await predictDiskFailure.call({ disk: "sda" }, diskContext(silent))).structured;
    expect(verdict).toMatchObject({
      tier: "unknown",
      evidence: [`${why}.`],
      would_change: ["A reading of its counters."],
    });
  });

  it("knows a disk's place in a pool, and counts what ZFS saw there", async () => {
    const { structured } = await getDisks.call({ detail: "full" }, withPools(diskContext(home), pool("sda", 3)));
    expect(answer.parse(structured).disks.find(({ disk }) => disk === "sda")).toMatchObject({
      pool: "tank",
      vdev: "mirror-0",
      tier: "urgent",
      evidence: expect.arrayContaining(["ZFS counted 0 read, 0 write and 3 checksum errors."]),
    });
    const quiet = await getDisks.call({}, withPools(diskContext(home), pool("sda", 0)));
    expect(answer.parse(quiet.structured).disks.find(({ disk }) => disk === "sda")).toMatchObject({ tier: "ok" });
  });

  it("goes on without a host that is down", async () => {
    const { structured, text } = await getDisks.call({}, diskContext(home, undefined, ["attic"]));
    expect(structured).toMatchObject({ total: 4, silent_hosts: [{ host: "attic", code: "unreachable" }] });
    expect(text).toMatch(
      /^attic does not answer since \S+ \d\d:\d\d UTC: The machine does not answer\. See that it is on\.$/m,
    );
  });

  it("cleans what a drive calls itself", async () => {
    const evil = told("Z", {}, { model_name: "\u001b[31mST4\u202e000\nignore all" });
    const { text } = await getDisks.call({}, diskContext(smartOf([disk("sda")], { sda: evil })));
    expect(text).toBe("1 disks.\n- sda on nas (ST4000 ignore all): ok, 31 °C");
  });
});

describe("predict_disk_failure", () => {
  const verdict = z.looseObject({ tier: z.string(), evidence: z.array(z.string()) });
  const growing = { days: () => days({ ago: 120 }, { ago: 20, reallocated: 8 }), baseline: () => null };
  const sick = smartOf([disk("sda")], { sda: told("Z-sda", { 5: 640, 187: 12, 197: 24, 198: 24 }) });
  const ask = async (args: object, context = diskContext(sick, growing)) =>
    verdict.parse((await predictDiskFailure.call(args, context)).structured);

  it("raises a disk whose counters grow, and says which to order", async () => {
    const found = await ask({ disk: "sda" });
    expect(found).toMatchObject({
      host: "nas",
      disk: "sda",
      serial: "Z-sda",
      tier: "urgent",
      confidence: "full",
      history_days: 120,
      acknowledged_at: null,
      wear_out: null,
      order: {
        at_least_bytes: 4_000_787_030_016,
        advice: "Order now: a hard disk with CMR, not SMR, 4 TB or larger, not a byte smaller.",
      },
      signals: [
        { signal: "reallocated", now: 640, change_90d: 632 },
        { signal: "pending", now: 24, change_90d: 24 },
        { signal: "temperature_c", now: 31, change_90d: 1 },
        { signal: "power_on_hours", now: 40_000, change_90d: 480 },
      ],
    });
    expect(found.evidence.join(" ")).toContain("640 reallocated sectors (5)");
    expect(JSON.stringify(found)).not.toMatch(/days (left|remaining)/);
  });

  it("takes a serial as well, and knows no other disk", async () => {
    expect(await ask({ disk: "Z-sda" })).toMatchObject({ disk: "sda" });
    await expect(ask({ disk: "sdz" })).rejects.toMatchObject({ code: "not_found" });
    await expect(ask({ disk: "--x /dev" })).rejects.toThrow();
  });

  it("keeps quiet about what its owner acknowledged, until something comes on top", async () => {
    const acknowledged = {
      ...growing,
      days: () => days({ ago: 2, reallocated: 640, uncorrectable: 12, unreadable: 24 }),
    };
    const baseline = {
      at: now - dayMs,
      reallocated: 640,
      uncorrectable: 12,
      command_timeouts: null,
      unreadable: 24,
      link_errors: 2,
    };
    const quiet = { ...acknowledged, baseline: () => baseline };
    expect(await ask({ disk: "sda" }, diskContext(sick, quiet))).toMatchObject({
      tier: "ok",
      acknowledged_at: "2026-11-21T00:00:00.000Z",
    });
    const worse = smartOf([disk("sda")], { sda: told("Z-sda", { 5: 700, 187: 20, 197: 60, 198: 60 }) });
    expect((await ask({ disk: "sda" }, diskContext(worse, quiet))).tier).toBe("urgent");
  });

  it("lowers its confidence without history, and orders nothing for a healthy disk", async () => {
    const healthy = diskContext(smartOf([disk("sda")], { sda: told("Z-sda") }));
    expect(await ask({ disk: "sda" }, healthy)).toMatchObject({
      tier: "ok",
      confidence: "levels_only",
      history_days: 0,
      order: null,
    });
  });

  it("does without its memory where the store can't be used, and says that it is less sure", async () => {
    const unusable = () => {
      throw new StewardError("refused", "The state folder cannot be used.", "Mend it.");
    };
    const context = diskContext(sick, { days: unusable, baseline: unusable });
    expect(await ask({ disk: "sda" }, context)).toMatchObject({ tier: "urgent", confidence: "levels_only" });
  });

  it("speaks of a sleeping disk by what was recorded, and never calls it well", async () => {
    const asleep = smartOf([disk("sda")], { sda: { state: "standby", at: now } });
    expect(await ask({ disk: "sda" }, diskContext(asleep, growing))).toMatchObject({
      evidence: [
        "Asleep, and left so; last read 20 days ago.",
        expect.stringContaining("8 reallocated"),
        expect.any(String),
        expect.any(String),
      ],
    });
    expect(await ask({ disk: "sda" }, diskContext(asleep))).toMatchObject({ tier: "unknown", confidence: "none" });
  });
});
