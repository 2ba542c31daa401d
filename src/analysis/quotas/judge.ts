import type { IoLimit, KernelLimits } from "../../systems/cgroup/port.ts";
import type { ResourceLimits } from "../../systems/docker/port.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { cpuLimit, memoryLimit } from "../containers/limits.ts";
import { nameOf } from "../updates/dependants.ts";
import { sameIo } from "./plan.ts";
import { sayCpus, sayMemory, sayRate } from "./words.ts";

/** The kernel counts processor time in whole microseconds of a period. */
const tolerance_cpus = 0.001;

/** Where a container's limits stand, as Docker says and as the kernel holds them: both have to agree. */
export function judgeQuota(
  container: ContainerInspected | null,
  kernel: KernelLimits | null,
  limits: { after: ResourceLimits; before: ResourceLimits },
  io: readonly { after: IoLimit; before: IoLimit; now: IoLimit }[],
): { is: "after" | "before" | "neither"; why: string } {
  if (container === null) return { is: "neither", why: "The container of the plan is gone." };
  const memory = memoryLimit(container.HostConfig);
  const cpus = cpuLimit(container.HostConfig);
  const same = (wanted: ResourceLimits) =>
    (wanted.Memory === undefined || sameNumber(memory, memoryLimit(wanted), kernel?.memory_bytes, 4096)) &&
    (cpusIn(wanted) === undefined || sameNumber(cpus, cpuLimit(wanted), kernel?.cpus, tolerance_cpus));
  const facts = [
    ...(limits.after.Memory === undefined ? [] : [`memory ${memory === null ? "no limit" : sayMemory(memory)}`]),
    ...(cpusIn(limits.after) === undefined ? [] : [`processors ${cpus === null ? "no limit" : sayCpus(cpus)}`]),
    ...io.map(({ now }) => {
      return `disk ${now.device} reading ${sayRate(now.read_bytes_per_s)}, writing ${sayRate(now.write_bytes_per_s)}`;
    }),
  ];
  const said = (witness: string) => `${nameOf(container)}: ${facts.join(", ")} (${witness}).`;
  const why = said(kernel === null ? "as Docker says; the kernel was not asked" : "as Docker and the kernel say");
  if (same(limits.after) && io.every(({ after, now }) => sameIo(after, now))) return { is: "after", why };
  if (same(limits.before) && io.every(({ before, now }) => sameIo(before, now))) return { is: "before", why };
  return {
    is: "neither",
    why: kernel === null ? why : `${said("as Docker says")} The kernel holds ${saysKernel(kernel)}.`,
  };
}

const cpusIn = ({ NanoCpus, CpuQuota }: ResourceLimits) => NanoCpus ?? CpuQuota;

/** `kernel` is undefined where it was not asked. */
function sameNumber(docker: number | null, wanted: number | null, kernel: number | null | undefined, off: number) {
  const near = (one: number | null) =>
    one === null || wanted === null ? one === wanted : Math.abs(one - wanted) <= off;
  return near(docker) && (kernel === undefined || near(kernel));
}

const saysKernel = ({ memory_bytes, cpus }: KernelLimits) =>
  `memory ${memory_bytes === null ? "unlimited" : sayMemory(memory_bytes)}, processors ${cpus === null ? "unlimited" : sayCpus(cpus)}`;
