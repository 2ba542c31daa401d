import { describe, expect, it } from "vitest";
import { decodeSmartctl, judgeable } from "../../../src/analysis/disks/decode/decode.ts";
import type { Smart, SmartChanges } from "../../../src/systems/smart/port.ts";

/** A host with the same three disks, behind whatever way there is to them. */
export interface DisksRig {
  reading: Smart;
  changing: SmartChanges;
  /** Whether the sleeping disk still sleeps. */
  stillAsleep(): boolean;
}

/**
 * What every way to a host's disks answers. The host has sda (SATA, awake: 8 reallocated and 2 pending sectors, 41 °C,
 * 21,340 h, its newest self-test failed), sdb (SATA, asleep) and nvme0n1.
 */
export function describeSmart(name: string, open: () => Promise<DisksRig>): void {
  describe(`disks ${name}`, () => {
    it("are listed by kernel name, with what tells them apart", async () => {
      const { reading } = await open();
      expect(await reading.disks()).toMatchObject([
        { name: "nvme0n1", serial: "S-NVME", protocol: "nvme", rotational: false },
        {
          name: "sda",
          model: "DEMO-HDD-12T",
          serial: "S-SDA",
          size_bytes: 12_000_138_625_024,
          protocol: "ata",
          rotational: true,
        },
        { name: "sdb", serial: "S-SDB", protocol: "ata", rotational: true },
      ]);
    });

    it("tell the same facts of one that is awake", async () => {
      const { reading } = await open();
      const told = await reading.read("sda");
      if (told.state !== "read") throw new Error(`sda is ${told.state}`);
      const facts = decodeSmartctl(told.smartctl);
      expect(judgeable(facts)).toEqual({ reallocated: 8, uncorrectable: 0, command_timeouts: 0, unreadable: 2 });
      expect(facts).toMatchObject({
        monitored: "yes",
        protocol: "ata",
        media: "hdd",
        model: "DEMO-HDD-12T",
        serial: "S-SDA",
        size_bytes: 12_000_138_625_024,
        temperature_c: { state: "known", value: 41 },
        power_on_hours: { state: "known", value: 21_340 },
        self_test_runs: false,
        self_tests: [
          { outcome: "failed", kind: "Extended offline", at_hours: 21_330 },
          { outcome: "passed", kind: "Short offline", at_hours: 21_280 },
        ],
      });
      expect(facts.hard_facts.map(({ code }) => code)).toEqual(["self_test_failed"]);
    });

    it("are left asleep", async () => {
      const { reading, stillAsleep } = await open();
      expect(await reading.read("sdb")).toMatchObject({ state: "standby" });
      expect(stillAsleep()).toBe(true);
    });

    it("that are not there are not found, to read or to test", async () => {
      const { reading, changing } = await open();
      await expect(reading.read("sdz")).rejects.toMatchObject({ code: "not_found" });
      await expect(changing.selfTest("sdz", "short")).rejects.toMatchObject({ code: "not_found" });
    });

    it("run one self-test at a time, to its end or until it is aborted", async () => {
      const { reading, changing } = await open();
      const runs = async () => {
        const told = await reading.read("sda");
        return told.state === "read" && decodeSmartctl(told.smartctl).self_test_runs;
      };
      await changing.selfTest("sda", "short");
      expect(await runs()).toBe(true);
      await expect(changing.selfTest("sda", "long")).rejects.toMatchObject({ code: "conflict" });
      await changing.selfTest("sda", "abort");
      expect(await runs()).toBe(false);
    });
  });
}
