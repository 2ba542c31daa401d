import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openGuestHome } from "../support/guest-home.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

const disks = z.object({ disks: z.array(z.looseObject({ disk: z.string(), tier: z.string() })), total: z.number() });

/** A real smartctl on disks that QEMU makes: SATA with seven attributes, SCSI and virtio with nothing, NVMe with its log. */
describe.skipIf(guestMissing !== null)(onGuest("the disks of a machine with ZFS"), () => {
  let guest: ZfsGuest;
  let home: Awaited<ReturnType<typeof openGuestHome>>;
  beforeAll(async () => {
    guest = await startZfsGuest();
    home = await openGuestHome(guest);
  });
  afterAll(async () => {
    await home.close();
    await guest.down();
  });
  const look = async () => disks.parse(await home.call("get_disks", { detail: "full" }));
  const named = async (name: string) => (await look()).disks.find(({ disk }) => disk === name);

  it("get_disks: each with where it is and what it says of itself", async () => {
    const { disks: seen, total } = await look();
    expect(total).toBe(12);
    const facts = seen.map(({ disk, serial, pool, vdev, state, tier }) => [disk, serial, pool, vdev, state, tier]);
    expect(facts.toSorted()).toEqual([
      ["sda", "LAB-SCSI-0", null, null, "read", "unknown"],
      ["sdb", "LAB-SCSI-1", null, null, "read", "unknown"],
      ["sdc", "LAB-SCSI-2", null, null, "read", "unknown"],
      ["sdd", "LAB-SCSI-3", null, null, "read", "unknown"],
      ["sde", "LAB-SATA-0", "tank", "mirror-0", "read", "ok"],
      ["sdf", "LAB-SATA-1", "tank", "mirror-0", "read", "ok"],
      ["sdg", "LAB-SATA-2", "tank", "ata-LAB_SATA_LAB-SATA-2", "read", "ok"],
      ["sdh", "LAB-SATA-3", null, null, "read", "ok"],
      ["vda", "root", null, null, "unmonitored", "unknown"],
      ["vdb", "LAB-VIRTIO-0", "backup", "raidz1-0", "unmonitored", "unknown"],
      ["vdc", "LAB-VIRTIO-1", "backup", "raidz1-0", "unmonitored", "unknown"],
      ["vdd", "LAB-VIRTIO-2", "backup", "raidz1-0", "unmonitored", "unknown"],
    ]);
    expect(seen.find(({ disk }) => disk === "sdf")).toMatchObject({
      model: "LAB SATA",
      size_bytes: 512 * 1024 * 1024,
      protocol: "ata",
      slot: "2:0:0:0",
      smart: "passed",
      temperature_c: 31,
      power_on_hours: 1,
      last_self_test: null,
    });
  });

  it("disk:// and disks:// tell the same", async () => {
    const seen = disks.parse(await home.call("get_disks", {})).disks.find(({ disk }) => disk === "sdf");
    expect(await home.read("disk", { host: "nas", disk: "sdf" })).toMatchObject({ ...seen, verdict: { tier: "ok" } });
    const all = disks.omit({ total: true }).parse(await home.read("disks", { host: "nas" }));
    expect(all.disks).toContainEqual(seen);
  });

  it("predict_disk_failure: what is known of a disk without a history, and of one that tells nothing", async () => {
    expect(await home.call("predict_disk_failure", { disk: "LAB-SATA-1" })).toMatchObject({
      disk: "sdf",
      tier: "ok",
      history_days: 0,
    });
    expect(await home.call("predict_disk_failure", { disk: "sda" })).toMatchObject({
      tier: "unknown",
      failure_risk: null,
    });
  });

  it("an NVMe disk that is plugged in, and what it warns of itself", async () => {
    const image = join(guest.lab.folder, "guest/nvme");
    execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", image, "512M"]);
    await guest.monitor(
      `drive_add 0 if=none,id=nvme,file=${image},format=qcow2`,
      "device_add nvme,id=disk-nvme,drive=nvme,serial=LAB-NVME-0,bus=pcie",
    );
    await expect
      .poll(() => named("nvme0n1"), { timeout: 60_000 })
      .toMatchObject({
        model: "QEMU NVMe Ctrl",
        serial: "LAB-NVME-0",
        protocol: "nvme",
        state: "read",
        smart: "passed",
        temperature_c: 50,
        wear_percent: 0,
      });
    // Bit 2: the NVM subsystem's reliability is degraded.
    await guest.monitor("qom-set /machine/peripheral/disk-nvme smart_critical_warning 4");
    expect(await named("nvme0n1")).toMatchObject({ tier: "urgent", smart: "failed" });
    const [worst] = (await look()).disks;
    expect(worst).toMatchObject({ disk: "nvme0n1" });
  });
});
