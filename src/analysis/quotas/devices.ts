import type { BlockDevice, MountedPlace } from "../../systems/cgroup/port.ts";

/** The disk under a path, or why reading and writing there can't be held back by disk. */
export type DiskUnder = { path: string; device: string } | { path: string; why: "zfs" | "network" | "no disk" };

const network = /^(nfs|cifs|smb|fuse\.|ceph|glusterfs|9p)/;

/**
 * The whole disk below each path. The kernel limits no partition, and nothing of ZFS, whose own threads do the reading
 * and writing, outside of any container's cgroup.
 */
export function disksUnder(
  paths: readonly string[],
  { mounts, disks }: { mounts: readonly MountedPlace[]; disks: readonly BlockDevice[] },
): DiskUnder[] {
  return paths.map((path) => {
    const mount = mountOf(path, mounts);
    if (mount === undefined) return { path, why: "no disk" };
    if (mount.fstype === "zfs") return { path, why: "zfs" };
    if (network.test(mount.fstype)) return { path, why: "network" };
    // Of btrfs the mount's own numbers are made up; its source says where it lies.
    const disk =
      disks.find(({ device }) => device === mount.device) ??
      disks.find((one) => one.path === mount.source.replace(/\[.*$/, ""));
    if (disk === undefined) return { path, why: "no disk" };
    const whole = disk.type === "part" ? disks.find(({ kname }) => kname === disk.parent) : disk;
    return whole === undefined ? { path, why: "no disk" } : { path, device: whole.device };
  });
}

/** The mount that a path lies on; of several at one place the last one, which hides the others. */
function mountOf(path: string, mounts: readonly MountedPlace[]): MountedPlace | undefined {
  const over = mounts.filter(({ target }) => target === "/" || path === target || path.startsWith(`${target}/`));
  const longest = Math.max(...over.map(({ target }) => target.length));
  return over.findLast(({ target }) => target.length === longest);
}
