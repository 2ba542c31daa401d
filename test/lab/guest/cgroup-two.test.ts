import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { disksUnder } from "../../../src/analysis/quotas/devices.ts";
import { connectCgroups } from "../../../src/systems/cgroup/index.ts";
import { connectShell, type Shells } from "../../../src/systems/shell/index.ts";
import { sudoers } from "../../../src/systems/shell/sudoers.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

const id = "0123456789abcdef".repeat(4);
const folder = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;

// A kernel under QEMU without hardware's help, on cores that others need as well.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** A cgroup as Docker makes one under systemd, on a kernel with version 2 alone, over ssh by an account with our sudo lines. */
describe.skipIf(guestMissing !== null)(onGuest("the limits of cgroup v2, on a real kernel"), () => {
  let guest: ZfsGuest;
  let shells: Shells;
  let of: { container_id: string; pid: number };
  beforeAll(async () => {
    guest = await startZfsGuest();
    await guest.run("cat >/etc/sudoers.d/home-steward && chmod 440 /etc/sudoers.d/home-steward", sudoers("steward"));
    await guest.run("echo '+cpu +io +memory' >/sys/fs/cgroup/cgroup.subtree_control");
    await guest.run("echo '+cpu +io +memory' >/sys/fs/cgroup/system.slice/cgroup.subtree_control");
    await guest.run(`mkdir ${folder}`);
    const pid = await guest.run("setsid sleep 600 >/dev/null 2>&1 & echo $!");
    await guest.run(`echo ${pid} >${folder}/cgroup.procs`);
    of = { container_id: id, pid: Number(pid) };
    shells = connectShell({ kind: "ssh", ssh: { ...guest.ssh, user: "steward" } });
  });
  afterAll(async () => {
    await shells.close();
    await guest.down();
  });

  const disk = () => guest.run("cat /sys/block/sdd/dev");
  /** Seconds that reading 4 MiB past the cache takes inside of that cgroup. */
  const reading = async () => {
    const script = `echo $$ >${folder}/cgroup.procs; dd if=/dev/sdd of=/dev/null bs=64k count=64 iflag=direct 2>&1`;
    const said = await guest.run(`sh -c '${script}'`);
    return Number(/ copied, ([\d.]+) s/.exec(said)?.[1]);
  };

  it("are read as they are", async () => {
    const { reading: cgroups } = connectCgroups(shells);
    expect(await cgroups.limits(of)).toEqual({ version: 2, memory_bytes: null, cpus: null, io: [] });
    await guest.run(`echo 67108864 >${folder}/memory.max; echo '50000 100000' >${folder}/cpu.max`);
    expect(await cgroups.limits(of)).toMatchObject({ memory_bytes: 67_108_864, cpus: 0.5 });
    await expect(cgroups.limits({ ...of, container_id: "f".repeat(64) })).rejects.toMatchObject({ code: "not_found" });
  });

  it("hold a disk back, and let it go again", async () => {
    const { reading: cgroups, changing } = connectCgroups(shells);
    const device = await disk();
    await guest.run(`echo max >${folder}/cpu.max`);
    const limit = { device, read_bytes_per_s: 1_000_000, write_bytes_per_s: 2_000_000 };
    await changing.limitIo(of, limit);
    expect(await guest.run(`cat ${folder}/io.max`)).toBe(`${device} rbps=1000000 wbps=2000000 riops=max wiops=max`);
    expect((await cgroups.limits(of)).io).toEqual([limit]);
    expect(await reading()).toBeGreaterThan(3);
    await changing.limitIo(of, { ...limit, read_bytes_per_s: null });
    expect((await cgroups.limits(of)).io).toEqual([{ ...limit, read_bytes_per_s: null }]);
    expect(await reading()).toBeLessThan(3);
    await changing.limitIo(of, { device, read_bytes_per_s: null, write_bytes_per_s: null });
    expect(await guest.run(`cat ${folder}/io.max`)).toBe("");
  });

  it("are for whole disks: the kernel takes no partition", async () => {
    const { changing } = connectCgroups(shells);
    const partition = await guest.run("cat /sys/class/block/vdb1/dev");
    await expect(
      changing.limitIo(of, { device: partition, read_bytes_per_s: 1_000_000, write_bytes_per_s: null }),
    ).rejects.toMatchObject({ code: "refused" });
  });

  it("are planned for the disk below a path, and for none below ZFS", async () => {
    const places = await connectCgroups(shells).reading.places();
    const root = await guest.run("findmnt -n -o MAJ:MIN /");
    const mounted = (await guest.run("zfs list -H -o mountpoint tank")).trim();
    expect(disksUnder(["/var/lib/app", `${mounted}/films`], places)).toEqual([
      { path: "/var/lib/app", device: root.trim() },
      { path: `${mounted}/films`, why: "zfs" },
    ]);
  });
});
