import { z } from "zod";
import { hasProcess } from "../../../analysis/containers/process.ts";
import { judgeQuota } from "../../../analysis/quotas/judge.ts";
import { keptQuota, quotaDrift } from "../../../analysis/quotas/kept.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import type { Json, JsonObject } from "../../../shared/json.ts";
import type { IoLimit, KernelLimits } from "../../../systems/cgroup/port.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Systems } from "../../define.ts";
import { inspected } from "../find.ts";
import { definitionStands, observeDefinition } from "../managers/define-step.ts";
import { deploymentStands, observeDeployment } from "../managers/deploy-standing.ts";
import { isOfProject } from "../managers/standing.ts";
import { cgroupsOf, processOf } from "./read.ts";
import { diskArgs, limitArgs, rememberArgs } from "./steps.ts";

/** What a plan was made on: the container, its run, and the limits that the plan changes. */
export function basisOf({ Id, State, HostConfig }: ContainerInspected, io: readonly IoLimit[]): JsonObject {
  const { Memory = 0, MemorySwap = 0, NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0 } = HostConfig;
  return {
    container_id: Id,
    started_at: State.StartedAt,
    limits: { Memory, MemorySwap, NanoCpus, CpuPeriod, CpuQuota },
    io: io.map((limit) => ({ ...limit })),
  };
}

export async function observe(unit: Unit, systems: Systems): Promise<Json> {
  if (isDeployed(unit)) return observeDeployment(unit, systems);
  if (isOfProject(unit)) return observeDefinition(unit, systems);
  const { container, kernel } = await read(unit, systems);
  if (container === null) return null;
  return basisOf(
    container,
    changesOf(unit).io.map(({ before }) => ioNow(before, kernel)),
  );
}

/** Read back from Docker, and from the kernel where there is a shell. */
export async function stands(unit: Unit, systems: Systems): Promise<Standing> {
  if (isDeployed(unit)) return deployedStands(unit, systems);
  if (isOfProject(unit)) return definitionStands(unit, systems);
  if (unit.steps[0]?.step === "forget") return noteStands(unit, systems);
  const { container, kernel } = await read(unit, systems);
  const { io, limits } = changesOf(unit);
  return judgeQuota(
    unit.target.identity.container_id === container?.Id ? container : null,
    kernel,
    limits,
    io.map(({ after, before }) => ({ after, before, now: ioNow(before, kernel) })),
  );
}

const isDeployed = ({ steps }: Unit) => steps.some(({ step }) => step === "deploy");

/** Deployed and well is not enough: there are managers that pass over what a file says of limits. */
async function deployedStands(unit: Unit, systems: Systems): Promise<Standing> {
  const standing = await deploymentStands(unit, systems);
  if (standing.is !== "after") return standing;
  for (const { args } of unit.steps.filter(({ step }) => step === "remember")) {
    const { host, name, wanted } = rememberArgs.parse(args);
    const container = await inspected(systems.docker.one(host).system, name);
    const drift = container === null ? null : quotaDrift(container, keptQuota.parse(JSON.parse(wanted)));
    if (drift !== null) return { is: "neither", why: `${standing.why} But of ${name}'s limits: ${drift.evidence}.` };
  }
  return standing;
}

/** Where nothing is left of limits but the note of them. */
function noteStands({ target: { host, name } }: Unit, { keptLimits }: Systems): Standing {
  const kept = keptLimits.of("quota", host).some(({ container }) => container === name);
  return kept ? { is: "before", why: "It is still remembered." } : { is: "after", why: "It is forgotten." };
}

async function read({ target: { host, name }, steps }: Unit, systems: Systems) {
  const container = await inspected(systems.docker.one(host).system, name);
  const cgroups = cgroupsOf(systems.cgroup, host);
  if (container === null || cgroups === null || !hasProcess(container)) return { container, kernel: null };
  // Without disk limits the kernel's word is one proof more; with them it is the only one.
  const needed = steps.some(({ step }) => step === "limit_disk");
  const reading = cgroups.limits(processOf(container));
  return { container, kernel: needed ? await reading : await reading.catch(() => null) };
}

function changesOf({ steps }: Unit) {
  const limit = steps.find(({ step }) => step === "limit");
  const none = { after: {}, before: {} };
  return {
    limits: limit === undefined ? none : limitArgs.parse(limit.args),
    io: z.array(diskArgs).parse(steps.filter(({ step }) => step === "limit_disk").map(({ args }) => args)),
  };
}

function ioNow({ device }: IoLimit, kernel: KernelLimits | null): IoLimit {
  const limited = kernel?.io.find((limit) => limit.device === device);
  return limited ?? { device, read_bytes_per_s: null, write_bytes_per_s: null };
}
