import { expect, it } from "vitest";
import { disksUnder } from "../../../src/analysis/quotas/devices.ts";

const mount = (target: string, source: string, fstype: string, device: string) => ({ target, source, fstype, device });
const block = (kname: string, device: string, type: string, parent: string | null = null) => ({
  kname,
  device,
  type,
  parent,
  path: `/dev/${kname}`,
});

const places = {
  mounts: [
    mount("/", "/dev/sda2", "ext4", "8:2"),
    mount("/mnt", "hidden", "tmpfs", "0:40"),
    mount("/mnt", "/dev/mapper/vg-mnt", "xfs", "252:0"),
    mount("/mnt/tank/media", "tank/media", "zfs", "0:51"),
    mount("/mnt/photos", "/dev/sdb1[/photos]", "btrfs", "0:60"),
    mount("/mnt/nas", "nas:/export", "nfs4", "0:61"),
    mount("/run", "tmpfs", "tmpfs", "0:20"),
  ],
  disks: [
    block("sda", "8:0", "disk"),
    block("sda2", "8:2", "part", "sda"),
    block("sdb", "8:16", "disk"),
    block("sdb1", "8:17", "part", "sdb"),
    { ...block("dm-0", "252:0", "lvm", "sdb"), path: "/dev/mapper/vg-mnt" },
  ],
};

it.each([
  ["/opt/app", { device: "8:0" }],
  ["/", { device: "8:0" }],
  ["/mnt", { device: "252:0" }],
  ["/mnt/data", { device: "252:0" }],
  ["/mnt/tank", { device: "252:0" }],
  ["/mnt/tank/media/films", { why: "zfs" }],
  ["/mnt/tank/media2", { device: "252:0" }],
  ["/mnt/photos/2026", { device: "8:16" }],
  ["/mnt/nas/x", { why: "network" }],
  ["/run/docker.sock", { why: "no disk" }],
])("%s lies on %j", (path, under) => {
  expect(disksUnder([path], places)).toEqual([{ path, ...under }]);
});

it("a machine that lists nothing has no disk under anything", () => {
  expect(disksUnder(["/x"], { mounts: [], disks: [] })).toEqual([{ path: "/x", why: "no disk" }]);
});
