/** A container as the kernel knows it: its first process, and its full id, which its cgroup's name ends with. */
export interface ContainerProcess {
  container_id: string;
  pid: number;
}

/** What a container may read and write on one disk; null where it is not limited. */
export interface IoLimit {
  /** "major:minor" of a whole disk: the kernel takes no partition. */
  device: string;
  read_bytes_per_s: number | null;
  write_bytes_per_s: number | null;
}

/** What the kernel holds a container to, whatever Docker says of it. */
export interface KernelLimits {
  version: 1 | 2;
  memory_bytes: number | null;
  cpus: number | null;
  /** Limited disks only. */
  io: IoLimit[];
}

export interface MountedPlace {
  target: string;
  source: string;
  fstype: string;
  /** "0:x" for what lies on no disk of its own: ZFS, btrfs, network, memory. */
  device: string;
}

export interface BlockDevice {
  kname: string;
  /** The disk a partition is on, or what a mapped device lies on. */
  parent: string | null;
  type: string;
  device: string;
  path: string;
}

/**
 * The control groups of one machine's containers, read only. Errors (StewardError): those of the shell; not_found (the
 * process is gone, or is no longer that container's), unsupported (no cgroup that Docker made), wrong_answer.
 */
export interface Cgroups {
  limits(of: ContainerProcess, signal?: AbortSignal): Promise<KernelLimits>;
  places(signal?: AbortSignal): Promise<{ mounts: MountedPlace[]; disks: BlockDevice[] }>;
}

/** For approved steps only. Same errors; and refused, where the kernel takes the limit not. */
export interface CgroupChanges {
  /** Holds until the container is started anew: its cgroup is then another one. */
  limitIo(of: ContainerProcess, limit: IoLimit): Promise<void>;
}
