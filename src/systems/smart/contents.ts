import type { Contents } from "./port.ts";
import type { BlockDevice } from "./shapes.ts";

/** The names that say most of a disk come first; a WWN is what all else may lack. */
const preferred = [/^ata-/, /^nvme-(?!eui|nvme)/, /^scsi-/, /^usb-/, /^virtio-/, /^wwn-/, /^/];

/** @param links every name below /dev/disk and where it leads: "by-id/ata-X\t../../sda" */
export function contentsOf(
  name: string,
  path: string,
  blocks: readonly BlockDevice[] | undefined,
  links: string,
): Contents {
  const kernel = [path, name];
  const by_id = lastingName(kernel, links);
  const block = blocks?.find((one) => kernel.includes(one.name));
  if (block === undefined) return { is: "unchecked", why: "without lsblk nothing tells what is on it", by_id };
  const { children = [], fstype, mountpoint } = block;
  // What is above a disk may also be a volume group or an array, without any partition.
  if (children.length > 0) return { is: "used", why: `it has partitions or volumes (${children.length})`, by_id };
  if (fstype) return { is: "used", why: "it has a file system, or is part of a pool or an array", by_id };
  if (mountpoint) return { is: "used", why: "it is mounted", by_id };
  return { is: "blank", why: "it has no partition and no file system", by_id };
}

function lastingName(kernel: readonly string[], links: string): string | null {
  const names = links.split("\n").flatMap((line) => {
    const [, id, to] = /^by-id\/([^\t/]+)\t(?:.*\/)?([^/\t]+)$/.exec(line) ?? [];
    return id !== undefined && to !== undefined && kernel.includes(to) ? [id] : [];
  });
  const rank = (id: string): number => preferred.findIndex((pattern) => pattern.test(id));
  return names.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en"))[0] ?? null;
}
