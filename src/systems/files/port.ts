/** One entry of a filesystem, as `lstat` has it. */
export interface FileEntry {
  /** As find prints it: "f", "d", "l", "b", "c", "p", "s". */
  type: string;
  /** Permission bits with setuid, setgid and sticky: 0o4755. */
  mode: number;
  uid: number;
  gid: number;
  /** Decimal: both may need 64 bits. */
  device: string;
  inode: string;
  links: number;
  /** Absolute; bytes, since names on a disk need not be text. Valid only until the next batch is asked for. */
  path: Buffer;
}

export interface MountPoint {
  path: string;
  /** As the kernel names it: "zfs", "ext4", "nfs4", "fuse.sshfs". */
  filesystem: string;
  /** Answered by another machine, or by a program: it may hang. */
  network: boolean;
}

/** The machine's own users and groups. */
export interface MachineAccounts {
  users: { name: string; uid: number; gid: number }[];
  groups: { name: string; gid: number; members: string[] }[];
}

/**
 * A machine's folders, read only, inside the configured roots. Errors (StewardError): bad_input (outside of the roots),
 * and those of the shell.
 */
export interface Files {
  /** Whether a path is inside the configured roots, by segments, and one that can be asked for. */
  takes(path: string): boolean;
  accounts(signal?: AbortSignal): Promise<MachineAccounts>;
  /** From the kernel's own table: no mount is touched. In mounting order. */
  mounts(signal?: AbortSignal): Promise<MountPoint[]>;
  /** Whether the filesystem at a path answers within a few seconds. */
  answers(path: string, signal?: AbortSignal): Promise<boolean>;
  /** Where a path leads to through links; null where there is nothing. */
  realPath(path: string, signal?: AbortSignal): Promise<string | null>;
  /**
   * Every entry of one filesystem from `tree` down, itself first, in one pass, some at a time. Errors also: timeout (it
   * says nothing for `silence_ms`; whatever hangs there is left behind).
   */
  walk(tree: string, options: { signal?: AbortSignal; silence_ms?: number }): AsyncIterable<FileEntry[]>;
}
