import type { IoLimit } from "../../systems/cgroup/port.ts";
import type { ResourceLimits } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { cpuLimit, memoryLimit, unlimitedMemory, usualPeriod } from "../containers/limits.ts";
import { nameOf } from "../updates/dependants.ts";
import type { Quota } from "./profile.ts";
import type { RealUse } from "./use.ts";
import { sayUse } from "./use.ts";
import { sayCpus, sayMemory, sayRate } from "./words.ts";

/** A disk that a container's data are on, and what it is limited to there now. */
export interface DataDisk extends IoLimit {
  paths: readonly string[];
}

/** What a plan does to one container. `limits` and `io` say both ways, in the words of Docker and of the kernel. */
export interface QuotaPlan {
  /** What holds afterwards of what this tool sets. */
  wanted: { cpus: number | null; memory_bytes: number | null; io: IoLimit[] };
  limits: { after: ResourceLimits; before: ResourceLimits };
  io: { after: IoLimit; before: IoLimit }[];
  changes: string[];
  warnings: string[];
}

type Amounts = Pick<Quota, "cpus" | "memory_bytes">;

/** The tighter of both: an owner's own limit is never loosened by a profile. */
const tighter = (now: number | null, wanted: number | null) =>
  now === null || (wanted !== null && wanted < now) ? wanted : now;

/** From the limits of now to those of a profile. Nothing to change gives no changes. */
export function planQuota(
  container: ContainerInspected,
  profile: Quota,
  machine: { cpus: number; memory_bytes: number },
  use: RealUse,
  disks: readonly DataDisk[],
): QuotaPlan {
  const name = nameOf(container);
  const now = { cpus: cpuLimit(container.HostConfig), memory_bytes: memoryLimit(container.HostConfig) };
  const warnings: string[] = [];
  const belowMachine = (wanted: number | null, has: number, say: (amount: number) => string, what: string) => {
    if (wanted === null || wanted < has) return wanted;
    warnings.push(`${name}: ${say(wanted)} ${what} would be no limit: the machine has ${say(has)}.`);
    return null;
  };
  const wanted = {
    cpus: tighter(now.cpus, belowMachine(profile.cpus, machine.cpus, sayCpus, "processors")),
    memory_bytes: tighter(
      now.memory_bytes,
      belowMachine(profile.memory_bytes, machine.memory_bytes, sayMemory, "memory"),
    ),
  };
  if (wanted.memory_bytes !== null && wanted.memory_bytes < (container.HostConfig.MemoryReservation ?? 0)) {
    warnings.push(
      `${name}: its memory is left as it is: more than ${sayMemory(wanted.memory_bytes)} is reserved for it.`,
    );
    wanted.memory_bytes = now.memory_bytes;
  }
  const everyDisk = disks.map(({ paths: _, ...before }) => ({
    before,
    after: {
      device: before.device,
      read_bytes_per_s: tighter(before.read_bytes_per_s, profile.read_bytes_per_s),
      write_bytes_per_s: tighter(before.write_bytes_per_s, profile.write_bytes_per_s),
    },
  }));
  const io = everyDisk.filter(({ before, after }) => !sameIo(after, before));
  return {
    wanted: { ...wanted, io: everyDisk.map(({ after }) => after) },
    limits: requests(container, now, wanted),
    io,
    changes: [
      ...changeOf(name, "memory", now.memory_bytes, wanted.memory_bytes, sayMemory, sayUse.memory(use)),
      ...changeOf(name, "processors", now.cpus, wanted.cpus, sayCpus, sayUse.cpus(use)),
      ...io.map((change) => ioChange(name, change, disks)),
    ],
    warnings: [...warnings, ...tooTight(name, now, wanted, use)],
  };
}

export const sameIo = (one: IoLimit, other: IoLimit): boolean =>
  one.read_bytes_per_s === other.read_bytes_per_s && one.write_bytes_per_s === other.write_bytes_per_s;

/** What Docker is asked for, and what would take it back. */
function requests({ HostConfig }: ContainerInspected, now: Amounts, wanted: Amounts): QuotaPlan["limits"] {
  const after: ResourceLimits = {};
  const before: ResourceLimits = {};
  if (wanted.memory_bytes !== null && wanted.memory_bytes !== now.memory_bytes) {
    // With swap on top, a limit would not be what it says. Docker wants both at once, or refuses to raise the one.
    Object.assign(after, { Memory: wanted.memory_bytes, MemorySwap: wanted.memory_bytes });
    const memory = now.memory_bytes ?? unlimitedMemory;
    const swap = HostConfig.MemorySwap ?? 0;
    Object.assign(before, { Memory: memory, MemorySwap: swap >= memory ? swap : 2 * unlimitedMemory });
  }
  if (wanted.cpus !== null && wanted.cpus !== now.cpus) {
    const { NanoCpus, CpuQuota, CpuPeriod } = HostConfig;
    // The engine lets one way of saying it not change into the other; only a quota can be taken off again (-1).
    if (NanoCpus) {
      after.NanoCpus = Math.round(wanted.cpus * 1e9);
      before.NanoCpus = NanoCpus;
    } else {
      const period = CpuPeriod || usualPeriod;
      Object.assign(after, { CpuPeriod: period, CpuQuota: Math.round(wanted.cpus * period) });
      Object.assign(before, { CpuPeriod: period, CpuQuota: CpuQuota && CpuQuota > 0 ? CpuQuota : -1 });
    }
  }
  return { after, before };
}

function changeOf(
  name: string,
  what: string,
  now: number | null,
  wanted: number | null,
  say: (amount: number) => string,
  use: string,
): string[] {
  if (wanted === null || wanted === now) return [];
  return [`${name}, ${what}: ${now === null ? "no limit" : say(now)} → ${say(wanted)} (${use})`];
}

function ioChange(name: string, { after, before }: QuotaPlan["io"][number], disks: readonly DataDisk[]): string {
  const paths = disks.find(({ device }) => device === after.device)?.paths ?? [];
  const way = (what: string, from: number | null, to: number | null) =>
    from === to ? [] : [`${what} ${sayRate(from)} → ${sayRate(to)}`];
  const ways = [
    ...way("reading", before.read_bytes_per_s, after.read_bytes_per_s),
    ...way("writing", before.write_bytes_per_s, after.write_bytes_per_s),
  ];
  return `${name}, disk ${after.device} (${paths.slice(0, 3).join(", ")}): ${ways.join(", ")}`;
}

/** Never below what it needs without saying so. */
function tooTight(name: string, now: Amounts, wanted: Amounts, use: RealUse): string[] {
  const said: string[] = [];
  const { memory_bytes: limit } = wanted;
  if (limit !== null && limit !== now.memory_bytes) {
    const peak = Math.max(use.memory_now_bytes ?? 0, use.memory_peak_bytes ?? 0);
    if (peak > limit)
      said.push(
        `${name} used ${sayMemory(peak)} of memory: with ${sayMemory(limit)} the kernel would end its processes.`,
      );
    else if (use.memory_now_bytes === null)
      said.push(`${name}: nothing is known of its memory use, so ${sayMemory(limit)} may be too little.`);
    else if (peak > limit * 0.9)
      said.push(`${name} used ${sayMemory(peak)} of memory: ${sayMemory(limit)} leaves it little more.`);
  }
  const busy = Math.max(use.cpus_mean ?? 0, use.cpus_peak ?? 0);
  if (wanted.cpus !== null && wanted.cpus !== now.cpus && busy > wanted.cpus)
    said.push(`${name} used ${sayCpus(busy)} processors: with ${sayCpus(wanted.cpus)} it becomes slower.`);
  return said;
}
