import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";

// What ZFS itself allows (zfs(8)). Other text never reaches an answer, a plan or a heading as a name.
const part = "[A-Za-z0-9._: -]+";
const dataset = `[A-Za-z][A-Za-z0-9._: -]*(?:/${part})*`;

export const poolName = z.string().regex(/^[A-Za-z][A-Za-z0-9._: -]{0,254}$/);
export const datasetName = z
  .string()
  .max(255)
  .regex(new RegExp(`^${dataset}$`));
export const snapshotName = z
  .string()
  .max(511)
  .regex(new RegExp(`^${dataset}@${part}$`));
export const bookmarkName = z
  .string()
  .max(511)
  .regex(new RegExp(`^${dataset}#${part}$`));

/** Devices are named by udev, from what a disk says of itself: what is no plain character becomes "_". */
export const plainName = (name: string): string => name.replace(/[^\w.:@+-]/g, "_").slice(0, 128);

/** "/dev/disk/by-id/ata-X-part1" is shown as "ata-X", the way `zpool status` shows it. */
export const nameOfPath = (path: string): string =>
  plainName(path.slice(path.lastIndexOf("/") + 1).replace(/-part\d+$/, ""));

const kernelName = /^(?:(?:sd|vd|xvd|hd)[a-z]+|nvme\d+n\d+|mmcblk\d+)/;

/**
 * The kernel's name of the disk that a device path is on ("sda"), or null where that can't be told.
 *
 * @param links names below /dev/disk and the device each leads to: "by-id/ata-X-part1" → "sda1".
 */
export function diskOfPath(path: string, links: ReadonlyMap<string, string>): string | null {
  const device = path.startsWith("/dev/disk/")
    ? links.get(path.slice("/dev/disk/".length))
    : path.replace(/^\/dev\//, "");
  return kernelName.exec(device ?? "")?.[0] ?? null;
}

export const notUnderstood = (what: string, cause?: unknown) =>
  new StewardError(
    "wrong_answer",
    `The answer about ${what} could not be understood.`,
    "Report this with the version that `zfs version` or TrueNAS shows.",
    { cause },
  );

export const notFound = (cause?: unknown) =>
  new StewardError(
    "not_found",
    "ZFS knows no dataset or snapshot of that name.",
    "List what there is, then try again.",
    {
      cause,
    },
  );

/** The name, if it is one that this schema allows. Throws wrong_answer. */
export function named(schema: z.ZodString, text: string | undefined): string {
  const { success, data, error } = schema.safeParse(text);
  if (success) return data;
  throw notUnderstood("names", error);
}
