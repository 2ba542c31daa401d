import type { IoLimit } from "../../systems/cgroup/port.ts";
import type { ResourceLimits } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { cpuLimit, memoryLimit, unlimitedMemory } from "../containers/limits.ts";
import { nameOf } from "../updates/dependants.ts";
import type { Former, KeptQuota } from "./kept.ts";
import { sameIo } from "./plan.ts";
import { sayCpus, sayMemory, sayRate } from "./words.ts";

/** Back to what was before a container's limits were first set by a plan. */
export interface LiftPlan {
  limits: { after: ResourceLimits; before: ResourceLimits };
  io: { after: IoLimit; before: IoLimit }[];
  changes: string[];
}

/**
 * What takes a kept quota off again. `io` is what the kernel holds now. A container that was made anew has other limits by
 * then, and one that was started anew no disk limits: neither gets back what was another's.
 */
export function planLift(container: ContainerInspected, kept: KeptQuota, io: readonly IoLimit[]): LiftPlan {
  const none = { limits: { after: {}, before: {} }, io: [], changes: [] };
  const { former } = kept;
  if (former === undefined || container.Id !== kept.container_id) return none;
  const before = limitsNow(container, former.limits);
  const changed = differs(former.limits, before);
  const sameRun = container.State.Running && container.State.StartedAt === kept.started_at;
  const disks = (sameRun ? former.io : []).flatMap((after) => {
    const now = io.find(({ device }) => device === after.device);
    return now === undefined || sameIo(now, after) ? [] : [{ after, before: now }];
  });
  const name = nameOf(container);
  const amount = (say: (one: number) => string, of: number | null) => (of === null ? "no limit" : say(of));
  const change = (what: string, say: (one: number) => string, from: number | null, to: number | null) =>
    from === to ? [] : [`${name}, ${what}: ${amount(say, from)} → ${amount(say, to)}`];
  return {
    limits: changed ? { after: former.limits, before } : none.limits,
    io: disks,
    changes: [
      ...change("memory", sayMemory, memoryLimit(before), memoryLimit(former.limits)),
      ...change("processors", sayCpus, cpuLimit(before), cpuLimit(former.limits)),
      ...disks.map(
        (one) =>
          `${name}, disk ${one.after.device}: reading ${sayRate(one.before.read_bytes_per_s)} → ${sayRate(one.after.read_bytes_per_s)}, writing ${sayRate(one.before.write_bytes_per_s)} → ${sayRate(one.after.write_bytes_per_s)}`,
      ),
    ],
  };
}

/** What was before the first plan, however often it was planned again since. */
export function firstFormer(earlier: Former | undefined, now: Former): Former {
  const known = new Set(earlier?.io.map(({ device }) => device));
  return {
    limits: { ...now.limits, ...earlier?.limits },
    io: [...(earlier?.io ?? []), ...now.io.filter(({ device }) => !known.has(device))],
  };
}

/** The same settings as they are now, in words that an engine takes: 0 would leave them as they are. */
function limitsNow({ HostConfig }: ContainerInspected, like: ResourceLimits): ResourceLimits {
  const { Memory, MemorySwap, NanoCpus, CpuPeriod, CpuQuota } = HostConfig;
  return {
    ...(like.Memory !== undefined && {
      Memory: Memory || unlimitedMemory,
      MemorySwap: MemorySwap && MemorySwap > 0 ? MemorySwap : 2 * unlimitedMemory,
    }),
    ...(like.NanoCpus !== undefined && { NanoCpus }),
    ...(like.CpuQuota !== undefined && { CpuPeriod: CpuPeriod || like.CpuPeriod, CpuQuota: CpuQuota || -1 }),
  };
}

const differs = (one: ResourceLimits, other: ResourceLimits) =>
  one.Memory !== other.Memory || one.NanoCpus !== other.NanoCpus || one.CpuQuota !== other.CpuQuota;
