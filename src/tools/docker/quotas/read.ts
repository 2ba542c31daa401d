import { hasProcess } from "../../../analysis/containers/process.ts";
import { type DiskUnder, disksUnder } from "../../../analysis/quotas/devices.ts";
import type { DataDisk } from "../../../analysis/quotas/plan.ts";
import type { QuotaProfile } from "../../../analysis/quotas/profile.ts";
import type { RealUse } from "../../../analysis/quotas/use.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import { asProblem } from "../../../shared/errors.ts";
import type { Cgroups, ContainerProcess, KernelLimits } from "../../../systems/cgroup/port.ts";
import type { Docker } from "../../../systems/docker/port.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Fleet } from "../../../systems/fleet.ts";
import type { ToolContext } from "../../define.ts";

const day_ms = 86_400_000;
/** Two weekends: what runs weekly was seen. */
const lookBack_ms = 14 * day_ms;

/** The cgroups of a host, where its shell is configured. */
export const cgroupsOf = (fleet: Fleet<Cgroups>, host: string): Cgroups | null =>
  fleet.hosts.includes(host) ? fleet.one(host).system : null;

/** A running container as the kernel knows it. */
export const processOf = ({ Id, State }: ContainerInspected): ContainerProcess => ({
  container_id: Id,
  pid: State.Pid,
});

/** What a container really uses, as far as it is known. */
export async function readUse(
  docker: Docker,
  host: string,
  container: ContainerInspected,
  { systems, clock, signal }: ToolContext,
): Promise<RealUse> {
  const now = await docker.use(container.Id, signal).catch(() => null);
  const peak = systems.useHistory.peak(host, nameOf(container), clock.now() - lookBack_ms);
  const ran_ms = now === null ? 0 : now.read_at_ms - Date.parse(container.State.StartedAt);
  return {
    memory_now_bytes: now?.memory_bytes ?? null,
    memory_peak_bytes: peak?.memory_bytes ?? null,
    cpus_peak: peak?.cpus ?? null,
    cpus_mean: now !== null && ran_ms > 0 ? now.cpu_ns / (ran_ms * 1e6) : null,
    sampled_days: peak === null ? null : (clock.now() - peak.first_at) / day_ms,
  };
}

/** The disks that a container's data are on, with their limits, and what keeps the others from having any. */
export async function readDisks(
  cgroups: Cgroups | null,
  container: ContainerInspected,
  { read_bytes_per_s, write_bytes_per_s }: QuotaProfile,
  signal: AbortSignal,
): Promise<{ disks: DataDisk[]; notes: string[] }> {
  const name = nameOf(container);
  if (read_bytes_per_s === null && write_bytes_per_s === null) return { disks: [], notes: [] };
  const none = (why: string) => ({ disks: [], notes: [`${name}: disk traffic is left unlimited: ${why}`] });
  if (!hasProcess(container)) return none("it does not run, and the kernel keeps that limit for a run only.");
  if (cgroups === null) return none("that takes a shell on its host (shell in the configuration).");
  const read = Promise.all([cgroups.limits(processOf(container), signal), cgroups.places(signal)]);
  const answer = await read.catch((error: unknown) => asProblem(error));
  if ("fix" in answer) return none(`${answer.message} ${answer.fix}`);
  const [limits, places] = answer;
  const paths = container.Mounts.flatMap(({ Source }) => (Source?.startsWith("/") ? [Source] : []));
  const under = disksUnder(paths, places);
  const disks = dataDisks(under, limits);
  const notes = unlimitable(name, under);
  if (disks.length > 0) return { disks, notes: [...notes, ...ofVersion(name, limits)] };
  return notes.length > 0 ? { disks, notes } : none("no folder that lies on a disk of the host is mounted in it.");
}

function dataDisks(under: readonly DiskUnder[], { io }: KernelLimits): DataDisk[] {
  const devices = [...new Set(under.flatMap((one) => ("device" in one ? [one.device] : [])))].sort();
  return devices.map((device) => ({
    ...(io.find((limit) => limit.device === device) ?? { device, read_bytes_per_s: null, write_bytes_per_s: null }),
    paths: under.flatMap((one) => ("device" in one && one.device === device ? [one.path] : [])),
  }));
}

function unlimitable(name: string, under: readonly DiskUnder[]): string[] {
  const paths = (why: string) => under.flatMap((one) => ("why" in one && one.why === why ? [one.path] : []));
  const note = (why: string, because: string) => {
    const of = paths(why);
    return of.length === 0
      ? []
      : [`${name}: what it reads and writes in ${of.slice(0, 3).join(", ")} stays unlimited: ${because}.`];
  };
  return [
    ...note("zfs", "ZFS does it in threads of its own, outside of the container's limits"),
    ...note("network", "it lies on another machine"),
  ];
}

const ofVersion = (name: string, { version }: KernelLimits): string[] =>
  version === 2
    ? []
    : [`${name}: with cgroups of version 1 only reading and direct writing are held back, not what passes the cache.`];
