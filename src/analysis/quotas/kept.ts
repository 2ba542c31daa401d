import { z } from "zod";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { cpuLimit, memoryLimit } from "../containers/limits.ts";
import type { ContainerProblem } from "../containers/problems.ts";
import { sayCpus, sayMemory } from "./words.ts";

/** A limit that an approved plan set; `wanted` is JSON, `until` ms since 1970, null for no end. */
export interface KeptLimit {
  kind: "quota" | "bandwidth";
  host: string;
  container: string;
  wanted: string;
  until: number | null;
}

/** What the store keeps of limits; the last one of a kind for each container. */
export interface KeptLimits {
  of(kind: KeptLimit["kind"], host: string): KeptLimit[];
}

export interface KeptLimitsChanges {
  /** `for_ms` from now on; without it `until` stands. */
  put(limit: KeptLimit, for_ms?: number): void;
  drop(kind: KeptLimit["kind"], host: string, container: string): void;
}

/** The highest use that was sampled since a time (ms since 1970); null without samples. */
export interface UseHistory {
  peak(
    host: string,
    container: string,
    since: number,
  ): { memory_bytes: number; cpus: number | null; first_at: number } | null;
}

const rate = z.number().nullable();

const ioLimits = z.array(z.object({ device: z.string(), read_bytes_per_s: rate, write_bytes_per_s: rate }));
const engineNumber = z.number().optional();

/** What was before a plan first set limits, in the engine's and the kernel's words. */
const formerLimits = z.object({
  limits: z.object({
    Memory: engineNumber,
    MemorySwap: engineNumber,
    NanoCpus: engineNumber,
    CpuPeriod: engineNumber,
    CpuQuota: engineNumber,
  }),
  io: ioLimits,
});
export type Former = z.output<typeof formerLimits>;

/** What an approved plan set on a container, kept so that its loss is noticed: Docker and the kernel forget some of it. */
export const keptQuota = z.object({
  container_id: z.string(),
  /** The start of the run that the disk limits are of. */
  started_at: z.string(),
  cpus: rate,
  memory_bytes: rate,
  io: ioLimits,
  former: formerLimits.optional(),
});
export type KeptQuota = z.output<typeof keptQuota>;

/** What of a kept quota no longer holds; null when all does. Its own words and numbers only. */
export function quotaDrift(container: ContainerInspected, kept: KeptQuota): ContainerProblem | null {
  const lost: string[] = [];
  const memory = memoryLimit(container.HostConfig);
  const cpus = cpuLimit(container.HostConfig);
  const looser = (now: number | null, wanted: number | null): wanted is number =>
    wanted !== null && (now === null || now > wanted);
  if (looser(memory, kept.memory_bytes))
    lost.push(`memory ${sayMemory(kept.memory_bytes)} → ${memory === null ? "no limit" : sayMemory(memory)}`);
  if (looser(cpus, kept.cpus))
    lost.push(`processors ${sayCpus(kept.cpus)} → ${cpus === null ? "no limit" : sayCpus(cpus)}`);
  const anew = container.Id !== kept.container_id;
  if (kept.io.length > 0 && container.State.Running && (anew || container.State.StartedAt !== kept.started_at))
    lost.push("disk limits → none: the kernel forgets them when a container starts");
  if (lost.length === 0) return null;
  const why = anew ? "; it was made anew" : "";
  return {
    severity: "warning",
    what: "limits lost",
    evidence: `approved limits no longer hold: ${lost.join(", ")}${why}`,
  };
}
