import { StewardError } from "../../shared/errors.ts";
import type { RunResult, Shells } from "../shell/index.ts";
import { bytesOrNone, cgroupPaths, cpusOf, cpusOfQuota, disksOf, ioMaxOf, mountsOf, throttlesOf } from "./parse.ts";
import type { CgroupChanges, Cgroups, ContainerProcess } from "./port.ts";

/** The cgroups of one host, through its shell: hand `changing` to the gate only. The shell stays its owner's to close. */
export function connectCgroups({ reading, changing }: Shells): { reading: Cgroups; changing: CgroupChanges } {
  /** Asked anew each time: a process number is given to another program as soon as its own has ended. */
  async function pathsOf({ container_id, pid }: ContainerProcess, signal?: AbortSignal) {
    const options = signal ? { signal } : {};
    const { stdout, code } = await reading.run("processCgroup", { process: `${pid}/cgroup` }, options);
    if (code !== 0 || !stdout.includes(container_id)) throw gone();
    return cgroupPaths(stdout);
  }
  const read = async (limitFile: string, signal?: AbortSignal) =>
    said(await reading.run("cgroupLimit", { limitFile }, signal ? { signal } : {})).stdout;

  return {
    reading: {
      async limits(of, signal) {
        const { version, of: at } = await pathsOf(of, signal);
        const text = (controller: string, file: string) => read(`${at(controller)}/${file}`, signal);
        if (version === 2) {
          const [memory, cpu, io] = await Promise.all([
            text("memory", "memory.max"),
            text("cpu", "cpu.max"),
            orEmpty(text("blkio", "io.max")),
          ]);
          return { version, memory_bytes: bytesOrNone(memory), cpus: cpusOf(cpu), io: ioMaxOf(io) };
        }
        const [memory, quota, period, reads, writes] = await Promise.all([
          text("memory", "memory.limit_in_bytes"),
          text("cpu", "cpu.cfs_quota_us"),
          text("cpu", "cpu.cfs_period_us"),
          orEmpty(text("blkio", "blkio.throttle.read_bps_device")),
          orEmpty(text("blkio", "blkio.throttle.write_bps_device")),
        ]);
        const cpus = cpusOfQuota(quota, period);
        return { version, memory_bytes: bytesOrNone(memory), cpus, io: throttlesOf(reads, writes) };
      },
      async places(signal) {
        const options = signal ? { signal } : {};
        const [mounts, blocks] = await Promise.all([
          reading.run("mounts", {}, options),
          reading.run("blockNumbers", {}, options),
        ]);
        // Some mounts (TrueNAS's own) can't be looked up by findmnt: it lists them all the same, and ends with 1.
        return { mounts: mountsOf(mounts.stdout), disks: disksOf(said(blocks).stdout) };
      },
    },
    changing: {
      async limitIo(of, { device, read_bytes_per_s, write_bytes_per_s }) {
        const { version, of: at } = await pathsOf(of);
        if (version === 2) {
          const ioMax = `${device} rbps=${read_bytes_per_s ?? "max"} wbps=${write_bytes_per_s ?? "max"}`;
          taken(await changing.run("cgroupIoMax", { ioMaxFile: `${at("blkio")}/io.max`, ioMax }));
          return;
        }
        const folder = `${at("blkio")}/blkio.throttle`;
        for (const [way, rate] of [["read", read_bytes_per_s] as const, ["write", write_bytes_per_s] as const])
          taken(
            await changing.run("cgroupThrottle", {
              throttleFile: `${folder}.${way}_bps_device`,
              throttle: `${device} ${rate ?? 0}`,
            }),
          );
      },
    },
  };
}

/** A kernel without this controller has no such file, and no such limit. */
const orEmpty = (text: Promise<string>) =>
  text.catch((error: unknown) => {
    if (error instanceof StewardError && error.code === "not_found") return "";
    throw error;
  });

function said(result: RunResult): RunResult {
  if (result.code === 0) return result;
  throw new StewardError("not_found", "That limit can't be read on this machine.", "See whether the container runs.", {
    cause: new Error(result.stderr),
  });
}

function taken({ code, stderr }: RunResult): void {
  if (code === 0) return;
  throw new StewardError(
    "refused",
    "The kernel did not take the limit for that disk.",
    "It takes whole disks only, and only with its io controller on.",
    { cause: new Error(stderr) },
  );
}

const gone = () =>
  new StewardError("not_found", "The container was stopped or started anew meanwhile.", "Plan it again.");
