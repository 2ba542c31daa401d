/** One entry of a filesystem, as `lstat` has it. */
export interface FileEntry {
  /** As find prints it: "f", "d", "l", "b", "c", "p", "s". */
  type: string;
  /** Permission bits with setuid, setgid and sticky: 0o4755. */
  mode: number;
  uid: number;
  gid: number;
  /** As text where they need more than 53 bits. */
  device: number | string;
  inode: number | string;
  links: number;
  /** Absolute; bytes, since names on a disk need not be text. Valid only until the next batch is asked for. */
  path: Buffer;
}

export interface MountPoint {
  path: string;
  /** As the kernel names it: "zfs", "ext4", "nfs4", "fuse.sshfs". */
  filesystem: string;
  /** What is mounted: a dataset, a device, "nas:/films". */
  source: string;
  /** What kind of access lists its entries may have besides their modes. */
  acl: "posix" | "nfsv4" | null;
  /** Answered by another machine, or by a program: it may hang. */
  network: boolean;
}

/** One line of an access list: whom it is about, and what they may. */
export interface Ace {
  /** "mask" (POSIX): the most that named users and groups, and the owning group, may. */
  who: "owner" | "owning_group" | "everyone" | "user" | "group" | "mask";
  /** Of a user or group. */
  id: number | null;
  /** False where it forbids (NFSv4). */
  allows: boolean;
  /** 4 to read, 2 to write, 1 to run or enter. */
  rights: number;
  /** Any right that changes something: also to append, to delete what is inside, to change list or owner (NFSv4). */
  changes: boolean;
}

/** In its order, which decides (NFSv4). Empty where there is none of that sort. */
export interface AccessList {
  kind: "posix" | "nfsv4";
  here: Ace[];
  /** What is made inside of a folder gets this one. */
  inside: Ace[];
}

/** An entry, and the access list that decides besides its mode. Its path, too, is valid only until the next batch. */
export interface ListedEntry {
  entry: FileEntry;
  list: AccessList | null;
}

/** One entry, and what it is to become. Its path is absolute. */
export interface EntryChange {
  entry: FileEntry;
  to: { uid: number; gid: number; mode: number };
}

/** How the entries of a list stand now: as they were when it was made, as they shall be, halfway, or otherwise. */
export interface ListStanding {
  before: number;
  after: number;
  halfway: number;
  /** No longer at their path: removed or renamed. */
  gone: number;
  /** Another entry is at their path now. */
  replaced: number;
  /** Changed by somebody else, with a second name, or no longer to be reached without a link. */
  other: number;
}

/**
 * A list of changes in one tree, packed as text: it is what a person approves, what is applied, and what puts
 * everything back. Below the tree, on its own filesystem; hard-linked files can't be in it.
 */
export type PackedList = string;

export interface WalkOptions {
  signal?: AbortSignal;
  silence_ms?: number;
}

/**
 * A machine's folders, read only, inside the configured roots. Errors (StewardError): bad_input (outside of the roots),
 * and those of the shell.
 */
export interface Files {
  /** Whether a path is inside the configured roots, by segments, and one that can be asked for. */
  takes(path: string): boolean;
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
  walk(tree: string, options: WalkOptions): AsyncIterable<FileEntry[]>;
  /**
   * The entries of one filesystem that have access lists, or `every` one, from `tree` down, itself among them, some at a time. Nothing that is
   * mounted inside is touched: it goes round what hangs. Slower than {@link walk}. Errors as there, and: unsupported (no python3 there).
   */
  accessLists(tree: string, options: WalkOptions & { every?: boolean }): AsyncIterable<ListedEntry[]>;
  /**
   * Files with settings (.conf, .cfg, .yml, .yaml, .toml, .caddy, Caddyfile) at `path` or at most four folders down, by name; `whole` is
   * false where some are links or could not be looked for. Read as the shell's own account. Errors also: not_found, refused (a link on the way).
   */
  settings(path: string, signal?: AbortSignal): Promise<{ files: string[]; whole: boolean }>;
  /** The text of one of them. Errors also: refused (it can't be read), wrong_answer (over 256 KiB). */
  settingsText(path: string, signal?: AbortSignal): Promise<string>;
  /** @param root the tree's own entry */
  pack(root: FileEntry, changes: readonly EntryChange[]): PackedList;
  /** Errors also: wrong_answer (no list). */
  check(tree: string, list: PackedList, signal?: AbortSignal): Promise<ListStanding>;
}

/** What approved steps may do to a machine's folders. Same errors as {@link Files}. */
export interface FileChanges {
  /**
   * Gives every entry of a list its new owner and mode, or none where one of them is not as it was: conflict. A few that are
   * gone are passed over, as apps remove files when they stop: 16, and one of a hundred. What was
   * begun and could not be ended is a conflict, too: `back` undoes it.
   */
  forth(tree: string, list: PackedList): Promise<{ changed: number }>;
  /** Gives entries their old owner and mode back, last first; safe to run twice. `left`: not as the list left them. */
  back(tree: string, list: PackedList): Promise<{ changed: number; left: number }>;
}
