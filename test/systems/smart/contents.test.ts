import { describe, expect, it } from "vitest";
import { contentsOf } from "../../../src/systems/smart/contents.ts";
import { blockDevices } from "../../../src/systems/smart/shapes.ts";

const links = [
  "by-id/wwn-0x5000c500a\t../../sda",
  "by-id/ata-ST4000VN008_ZGY1\t../../sda",
  "by-id/ata-ST4000VN008_ZGY1-part1\t../../sda1",
  "by-id/scsi-SATA_ST4000\t../../sda",
  "by-id/nvme-eui.002538\t../../nvme0n1",
  "by-id/nvme-Samsung_980\t../../nvme0n1",
  "by-path/pci-0000\t../../sda",
].join("\n");
const listed = (...blocks: object[]) => blockDevices.parse({ blockdevices: blocks }).blockdevices;
const of = (block: object, name = "sda") =>
  contentsOf(name, name, listed({ name, type: "disk", fstype: null, mountpoint: null, ...block }), links);

describe("what is on a disk", () => {
  it("is nothing only where neither a partition nor a file system is seen", () => {
    expect(of({})).toEqual({
      is: "blank",
      why: "it has no partition and no file system",
      by_id: "ata-ST4000VN008_ZGY1",
    });
  });

  it.each([
    [{ children: [{ name: "sda1", type: "part" }] }, "it has partitions or volumes (1)"],
    [{ fstype: "zfs_member" }, "it has a file system, or is part of a pool or an array"],
    [{ fstype: "LVM2_member", children: [{ name: "vg-a", type: "lvm" }] }, "it has partitions or volumes (1)"],
    [{ mountpoint: "/mnt" }, "it is mounted"],
  ])("is used with %j", (block, why) => {
    expect(of(block)).toMatchObject({ is: "used", why });
  });

  it("is not known without lsblk", () => {
    expect(contentsOf("sda", "sda", undefined, links)).toMatchObject({ is: "unchecked" });
    expect(contentsOf("sdb", "sdb", listed({ name: "sda", type: "disk" }), links)).toMatchObject({ is: "unchecked" });
  });

  it("has the name that says most, of the whole disk, or none", () => {
    expect(contentsOf("nvme0n1", "nvme0", listed(), links).by_id).toBe("nvme-Samsung_980");
    expect(contentsOf("sda", "sda", listed(), links).by_id).toBe("ata-ST4000VN008_ZGY1");
    expect(contentsOf("sdb", "sdb", listed(), links).by_id).toBeNull();
  });
});
