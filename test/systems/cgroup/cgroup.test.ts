import { describe, expect, it } from "vitest";
import { connectCgroups } from "../../../src/systems/cgroup/index.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { type Played, playedRunner } from "../../support/played-shell.ts";

const id = "0123456789abcdef".repeat(4);
const of = { container_id: id, pid: 4711 };

/** What cat says of each file; all else that is run is kept. */
function machine(files: Record<string, string>, answers: Record<string, Played> = {}) {
  const ran: string[] = [];
  const runner = playedRunner((argv) => {
    const line = argv.join(" ");
    const path = argv[2] ?? "";
    if (argv[0] === "/usr/bin/cat") return path in files ? { stdout: files[path] ?? "" } : { code: 1, stderr: "no" };
    ran.push(line);
    return answers[argv[0] ?? ""] ?? {};
  });
  const shells = {
    reading: shellOver(runner, readingCommands),
    changing: shellOver(runner, changingCommands),
    close: async () => {},
  };
  return { ...connectCgroups(shells), ran };
}

const v1 = {
  "/proc/4711/cgroup": `12:cpu,cpuacct:/docker/${id}\n9:memory:/docker/${id}\n7:blkio:/docker/${id}\n0::/system.slice\n`,
  [`/sys/fs/cgroup/memory/docker/${id}/memory.limit_in_bytes`]: "2147483648\n",
  [`/sys/fs/cgroup/cpu/docker/${id}/cpu.cfs_quota_us`]: "150000\n",
  [`/sys/fs/cgroup/cpu/docker/${id}/cpu.cfs_period_us`]: "100000\n",
  [`/sys/fs/cgroup/blkio/docker/${id}/blkio.throttle.read_bps_device`]: "8:0 1000\n8:16 2000\n",
  [`/sys/fs/cgroup/blkio/docker/${id}/blkio.throttle.write_bps_device`]: "8:16 3000\n",
};
const scope = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
const v2 = {
  "/proc/4711/cgroup": `0::/system.slice/docker-${id}.scope\n`,
  [`${scope}/memory.max`]: "max\n",
  [`${scope}/cpu.max`]: "200000 100000\n",
  [`${scope}/io.max`]: "8:16 rbps=2097152 wbps=max riops=max wiops=120\n8:0 rbps=max wbps=max riops=9 wiops=max\n",
};

describe("the limits that the kernel holds", () => {
  it("version 1: a file a controller", async () => {
    expect(await machine(v1).reading.limits(of)).toEqual({
      version: 1,
      memory_bytes: 2_147_483_648,
      cpus: 1.5,
      io: [
        { device: "8:0", read_bytes_per_s: 1000, write_bytes_per_s: null },
        { device: "8:16", read_bytes_per_s: 2000, write_bytes_per_s: 3000 },
      ],
    });
  });

  it("version 1 without limits, and without the controller for disks", async () => {
    const bare = {
      ...v1,
      [`/sys/fs/cgroup/memory/docker/${id}/memory.limit_in_bytes`]: "9223372036854771712\n",
      [`/sys/fs/cgroup/cpu/docker/${id}/cpu.cfs_quota_us`]: "-1\n",
    };
    const files = Object.fromEntries(Object.entries(bare).filter(([path]) => !path.includes("throttle")));
    expect(await machine(files).reading.limits(of)).toEqual({ version: 1, memory_bytes: null, cpus: null, io: [] });
  });

  it("version 2: one folder for all", async () => {
    expect(await machine(v2).reading.limits(of)).toEqual({
      version: 2,
      memory_bytes: null,
      cpus: 2,
      io: [{ device: "8:16", read_bytes_per_s: 2_097_152, write_bytes_per_s: null }],
    });
  });

  it.each([
    ["another program's", `0::/system.slice/docker-${"f".repeat(64)}.scope\n`, "not_found"],
    ["one out of place", `0::/../${id}\n`, "bad_input"],
    ["one that hides", `0::/.x/${id}\n`, "bad_input"],
  ])("are not read from %s cgroup", async (_, text, code) => {
    const { reading, changing, ran } = machine({ "/proc/4711/cgroup": text });
    await expect(reading.limits(of)).rejects.toMatchObject({ code });
    const limit = { device: "8:0", read_bytes_per_s: 1, write_bytes_per_s: null };
    await expect(changing.limitIo(of, limit)).rejects.toMatchObject({ code });
    expect(ran).toEqual([]);
  });

  it("a process that is gone, and files that say something else", async () => {
    await expect(machine({}).reading.limits(of)).rejects.toMatchObject({ code: "not_found" });
    const odd = { ...v2, [`${scope}/memory.max`]: "plenty\n" };
    await expect(machine(odd).reading.limits(of)).rejects.toMatchObject({ code: "wrong_answer" });
  });
});

describe("limiting what is read and written", () => {
  it("version 1: one word to each of two files, 0 for none", async () => {
    const { changing, ran } = machine(v1);
    await changing.limitIo(of, { device: "8:16", read_bytes_per_s: 500_000_000, write_bytes_per_s: null });
    const file = `/sys/fs/cgroup/blkio/docker/${id}/blkio.throttle`;
    expect(ran).toEqual([
      `/usr/bin/find / -maxdepth 0 -fprintf ${file}.read_bps_device 8:16 500000000`,
      `/usr/bin/find / -maxdepth 0 -fprintf ${file}.write_bps_device 8:16 0`,
    ]);
  });

  it("version 2: one line, max for none", async () => {
    const { changing, ran } = machine(v2);
    await changing.limitIo(of, { device: "8:16", read_bytes_per_s: 500_000_000, write_bytes_per_s: null });
    expect(ran).toEqual([`/usr/bin/find / -maxdepth 0 -fprintf ${scope}/io.max 8:16 rbps=500000000 wbps=max`]);
  });

  it("says so when the kernel does not take it", async () => {
    const { changing } = machine(v2, { "/usr/bin/find": { code: 1, stderr: "find: io.max: No such device" } });
    await expect(
      changing.limitIo(of, { device: "8:17", read_bytes_per_s: 1, write_bytes_per_s: 1 }),
    ).rejects.toMatchObject({ code: "refused", message: "The kernel did not take the limit for that disk." });
  });
});

describe("where files lie", () => {
  const findmnt = { filesystems: [{ target: "/", source: "/dev/sda2", fstype: "ext4", "maj:min": "  8:2" }] };
  const lsblk = {
    blockdevices: [{ kname: "sda2", pkname: "sda", type: "part", "maj:min": "  8:2", path: "/dev/sda2" }],
  };
  it("mounts and disks, also where findmnt misses some of its own list", async () => {
    const { reading } = machine(
      {},
      {
        "/usr/bin/findmnt": { stdout: JSON.stringify(findmnt), code: 1 },
        "/usr/bin/lsblk": { stdout: JSON.stringify(lsblk) },
      },
    );
    expect(await reading.places()).toEqual({
      mounts: [{ target: "/", source: "/dev/sda2", fstype: "ext4", device: "8:2" }],
      disks: [{ kname: "sda2", parent: "sda", type: "part", device: "8:2", path: "/dev/sda2" }],
    });
  });
  it("anything else is no answer", async () => {
    await expect(machine({}, {}).reading.places()).rejects.toMatchObject({ code: "wrong_answer" });
  });
});
