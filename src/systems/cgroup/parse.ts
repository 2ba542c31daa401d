import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { BlockDevice, IoLimit, MountedPlace } from "./port.ts";

/** Version 1 counts "no limit" as the largest number of whole pages below 2⁶³; 1 PiB is none on any machine. */
const beyond = 2 ** 50;

/**
 * Below /sys/fs/cgroup, from `/proc/PID/cgroup`: a path a controller under version 1, one for all ("") under version 2.
 * On a machine with both, Docker's limits are where the memory controller is.
 */
export function cgroupPaths(text: string): { version: 1 | 2; of(controller: string): string } {
  const paths = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, names = "", path] = /^\d+:([^:]*):\/(.+)$/.exec(line) ?? [];
    if (path !== undefined) for (const name of names.split(",")) paths.set(name, path);
  }
  const version = paths.has("memory") ? 1 : 2;
  return {
    version,
    of(controller) {
      const path = paths.get(version === 1 ? controller : "");
      if (path !== undefined) return version === 1 ? `${controller}/${path}` : path;
      throw new StewardError(
        "unsupported",
        "The kernel keeps no such limits for this container.",
        "Boot that machine with its memory, cpu and io controllers on.",
      );
    },
  };
}

/** A single number of bytes; null for "max" and for what version 1 writes in its place. */
export function bytesOrNone(text: string): number | null {
  const word = text.trim();
  if (word === "max") return null;
  const bytes = whole(word);
  return bytes >= beyond ? null : bytes;
}

/** Version 2's "200000 100000". */
export function cpusOf(text: string): number | null {
  const [quota = "", period = ""] = text.trim().split(" ");
  return quota === "max" ? null : whole(quota) / whole(period);
}

/** Version 1's quota and period, each in a file of its own; -1 is none. */
export function cpusOfQuota(quota: string, period: string): number | null {
  return quota.trim() === "-1" ? null : whole(quota.trim()) / whole(period.trim());
}

/** Version 2: "8:16 rbps=2097152 wbps=max riops=max wiops=max". */
export function ioMaxOf(text: string): IoLimit[] {
  const value = (line: string, key: string) => {
    const found = new RegExp(` ${key}=(\\d+|max)`).exec(line)?.[1] ?? "max";
    return found === "max" ? null : whole(found);
  };
  return lines(text)
    .map((line) => ({
      device: numbers(line),
      read_bytes_per_s: value(line, "rbps"),
      write_bytes_per_s: value(line, "wbps"),
    }))
    .filter(({ read_bytes_per_s, write_bytes_per_s }) => read_bytes_per_s !== null || write_bytes_per_s !== null);
}

/** Version 1: a file for reading and one for writing, each of lines like "8:16 1048576". */
export function throttlesOf(read: string, write: string): IoLimit[] {
  const rates = (text: string) => new Map(lines(text).map((line) => [numbers(line), whole(line.split(" ")[1] ?? "")]));
  const [reads, writes] = [rates(read), rates(write)];
  return [...new Set([...reads.keys(), ...writes.keys()])].sort().map((device) => ({
    device,
    read_bytes_per_s: reads.get(device) ?? null,
    write_bytes_per_s: writes.get(device) ?? null,
  }));
}

const mounted = z.object({
  filesystems: z.array(
    z.object({ target: z.string(), source: z.string().nullable(), fstype: z.string(), "maj:min": z.string() }),
  ),
});
const blocks = z.object({
  blockdevices: z.array(
    z.object({
      kname: z.string(),
      pkname: z.string().nullable(),
      type: z.string(),
      "maj:min": z.string(),
      path: z.string(),
    }),
  ),
});

/** findmnt -J -l */
export const mountsOf = (text: string): MountedPlace[] =>
  json(text, mounted).filesystems.map(({ "maj:min": device, source, ...rest }) => ({
    ...rest,
    source: source ?? "",
    device: device.trim(),
  }));

/** lsblk -J -l */
export const disksOf = (text: string): BlockDevice[] =>
  json(text, blocks).blockdevices.map(({ "maj:min": device, pkname, ...rest }) => ({
    ...rest,
    parent: pkname,
    device: device.trim(),
  }));

const lines = (text: string) => text.split("\n").filter((line) => line !== "");
const numbers = (line: string) => /^\d+:\d+/.exec(line)?.[0] ?? wrong();

function whole(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : wrong();
}

function json<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    return wrong(cause);
  }
}

function wrong(cause?: unknown): never {
  const fix = "See whether cat, findmnt and lsblk there are the usual ones.";
  throw new StewardError("wrong_answer", "That machine's cgroups or mounts read as nothing known.", fix, { cause });
}
