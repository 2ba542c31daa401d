import { lists as truenasMethods } from "../truenas/methods.ts";
import {
  byId,
  child,
  dataset,
  disk,
  driver,
  guid,
  ioMaxFile,
  ioMaxLine,
  type JsonWords,
  limitFile,
  methodAmong,
  params,
  pool,
  processFile,
  type Slot,
  snapshot,
  tag,
} from "./slots.ts";
  throttleFile,
  throttleLine,
  tree,

/** One word of a command: fixed, or a slot. */
  snapshots,
export type Word = string | Slot | JsonWords;

/** One command that may be run: where its program is, its words, and what it may take. */
export interface Command {
  /** Absolute paths, the usual one first; the first that is there is used. */
  program: readonly string[];
  words: readonly Word[];
  /** Runs through `sudo -n`, unless the account is root anyway. */
  root: boolean;
  /** Milliseconds. */
  timeout_ms: number;
  /** Bytes of stdout; more is a wrong_answer. Does not count for `lines`. */
  max_bytes: number;
  /** Exit codes with which a list is whole, 0 if left out: `find` ends with 1 where a file vanished while it looked. */
  answers?: readonly number[];
}

export type Commands = Readonly<Record<string, Command>>;

/** The values a command asks for, by slot. */
export type SlotsOf<C extends Command> = { readonly [N in Named<C["words"][number], Slot>["slot"]]: string } & {
  readonly [N in Named<C["words"][number], JsonWords>["slot"]]: readonly string[];
};
type Named<W, K> = Extract<W, K>;

interface Limits {
  root: boolean;
  timeout_ms: number;
  max_bytes: number;
  answers?: readonly number[];
}

function command<const W extends readonly Word[]>(
  program: readonly string[],
  words: W,
  limits: Partial<Limits> = {},
): Omit<Command, "words"> & { words: W } {
  return { program, words, root: false, timeout_ms: 30_000, max_bytes: 16 * 1024 * 1024, ...limits };
}

// Linux, BSD, built from source.
const zpool = ["/usr/sbin/zpool", "/sbin/zpool", "/usr/local/sbin/zpool"];
const zfs = ["/usr/sbin/zfs", "/sbin/zfs", "/usr/local/sbin/zfs"];
const smartctl = ["/usr/sbin/smartctl", "/usr/local/sbin/smartctl"];
const lsblk = ["/usr/bin/lsblk", "/bin/lsblk"];
const getent = ["/usr/bin/getent"];
const stat = ["/usr/bin/stat", "/bin/stat"];
const realpath = ["/usr/bin/realpath", "/bin/realpath"];
const find = ["/usr/bin/find", "/bin/find"];
const midclt = ["/usr/bin/midclt", "/usr/local/bin/midclt"];
const asRoot = { root: true };
// A disk that has to be woken, or that retries a sector, answers late.
const slowDisk = { root: true, timeout_ms: 60_000 };

const poolColumns = "name,guid,health,size,allocated,free,fragmentation,capacity,altroot";
const findmnt = ["/usr/bin/findmnt", "/bin/findmnt"];
const cat = ["/usr/bin/cat", "/bin/cat"];
const datasetColumns =
  "name,type,used,available,referenced,usedbysnapshots,quota,refquota,compression,compressratio,mountpoint,readonly,encryption,volsize,origin,creation";
const snapshotColumns = "name,guid,creation,used,referenced,userrefs,clones";
const propertyColumns = "name,property,value";
const blockColumns =
  "NAME,KNAME,PATH,PKNAME,TYPE,SIZE,MODEL,SERIAL,WWN,TRAN,ROTA,HCTL,PHY-SEC,FSTYPE,LABEL,PARTUUID,MOUNTPOINT";

/** Commands that change nothing. Root is needed only by `smartctl`, which opens the disks themselves, and for folders of others. */
export const readingCommands = {
  zfsVersion: command(zfs, ["version"]),
  /** From OpenZFS 2.3 on. */
  zpoolStatusJson: command(zpool, ["status", "-j", "--json-int", "-P", "-p"]),
// Slow with ten thousand, so of one dataset only.
const lineageColumns = `${snapshotColumns},createtxg,written`;
  zpoolStatus: command(zpool, ["status", "-P", "-p"]),
  /** The same tree with guids in place of names. */
  zpoolStatusGuids: command(zpool, ["status", "-g", "-p"]),
  zpoolList: command(zpool, ["list", "-H", "-p", "-o", poolColumns]),
  /** With every vdev: size, allocation, fragmentation. */
  zpoolListVdevs: command(zpool, ["list", "-H", "-p", "-v", "-P"]),
  zpoolGet: command(zpool, ["get", "-H", "-p", "--", "all", pool]),
  /** Of every vdev, from OpenZFS 2.2 on. */
  zpoolAshifts: command(zpool, ["get", "-H", "-p", "-o", propertyColumns, "--", "guid,ashift", pool, "all-vdevs"]),
  zfsList: command(zfs, ["list", "-H", "-p", "-t", "filesystem,volume", "-o", datasetColumns]),
  zfsSnapshots: command(zfs, ["list", "-H", "-p", "-t", "snapshot", "-o", snapshotColumns], { timeout_ms: 120_000 }),
  /** Of one dataset, not its children. */
  zfsSnapshotsOf: command(zfs, ["list", "-H", "-p", "-t", "snapshot", "-d", "1", "-o", snapshotColumns, "--", dataset]),
  zfsSnapshot: command(zfs, ["list", "-H", "-p", "-t", "snapshot", "-o", snapshotColumns, "--", snapshot]),
  zfsGet: command(zfs, ["get", "-H", "-p", "--", "all", dataset]),
  zfsHolds: command(zfs, ["holds", "-H", "--", snapshot]),
  blockDevices: command(lsblk, ["-J", "-b", "-o", blockColumns]),
  /** Every name below /dev/disk and the device it leads to: "by-id/ata-X\t../../sda". */
  diskLinks: command(find, ["/dev/disk", "-type", "l", "-printf", "%P\\t%l\\n"]),
  users: command(getent, ["passwd"]),
  groups: command(getent, ["group"]),
  /** Asks the kernel alone: no mount is touched, so that one that hangs is no matter. */
  mountInfo: command(cat, ["/proc/self/mountinfo"], { timeout_ms: 10_000 }),
  smartctlScan: command(smartctl, ["--scan", "-j"], asRoot),
  /** Wakes nothing: a sleeping disk ends it with code 2. */
  /** The same with what plans about them rest on, the oldest first. */
  zfsLineage: command(
    zfs,
    ["list", "-H", "-p", "-t", "snapshot", "-d", "1", "-s", "createtxg", "-o", lineageColumns, "--", dataset],
    { timeout_ms: 120_000 },
  ),
  smartctlRead: command(smartctl, ["-n", "standby", "-x", "-j", "-d", driver, "--", disk], slowDisk),
  /** Whether a mount answers: of one that hangs this says nothing, and is given up. */
  fileSystem: command(stat, ["--file-system", "-c", "%T", "--", tree], { root: true, timeout_ms: 5_000 }),
  /** Where a path leads to, through all links. */
  realPath: command(realpath, ["-e", "-z", "--", tree], { root: true, timeout_ms: 5_000 }),
  /** Every entry of one filesystem below a folder, each ended by NUL: names may hold anything else. */
  walk: command(find, ["-P", "--", tree, "-xdev", "-printf", "%y%m %U %G %D %i %n ", "-print0"], {
    root: true,
    timeout_ms: 6 * 3_600_000,
    answers: [0, 1],
  }),
  /** TrueNAS's own command line, as the account that runs it: that account's privilege decides. */
  /** Destroys nothing (-n): tells how many bytes deleting exactly these would free. */
  zfsWouldFree: command(zfs, ["destroy", "-n", "-v", "-p", "--", snapshots], { timeout_ms: 120_000 }),
  midcltRead: command(midclt, ["call", methodAmong(truenasMethods.read), params], { max_bytes: 128 * 1024 * 1024 }),
} as const satisfies Commands;

/** Commands that change something: for approved steps only. */
export const changingCommands = {
  zpoolScrub: command(zpool, ["scrub", "--", pool], asRoot),
  zpoolScrubPause: command(zpool, ["scrub", "-p", "--", pool], asRoot),
  zpoolScrubStop: command(zpool, ["scrub", "-s", "--", pool], asRoot),
  zpoolOffline: command(zpool, ["offline", "--", pool, guid], asRoot),
  zpoolOnline: command(zpool, ["online", "--", pool, guid], asRoot),
  zpoolReplace: command(zpool, ["replace", "--", pool, guid, byId], slowDisk),
  zfsSnapshotCreate: command(zfs, ["snapshot", "--", snapshot], asRoot),
  zfsSnapshotCreateRecursive: command(zfs, ["snapshot", "-r", "--", snapshot], asRoot),
  zfsHold: command(zfs, ["hold", "--", tag, snapshot], asRoot),
  zfsRelease: command(zfs, ["release", "--", tag, snapshot], asRoot),
  /** One snapshot, without -r and -R: zfs refuses where clones or holds stand on it. */
  zfsSnapshotDestroy: command(zfs, ["destroy", "--", snapshot], asRoot),
  zfsClone: command(zfs, ["clone", "--", snapshot, child], asRoot),
  /** A dataset without children and snapshots. That it is a clone is for its caller to have read. */
  zfsCloneDestroy: command(zfs, ["destroy", "--", child], asRoot),
  /** Without -r: zfs refuses where newer snapshots would be lost. */
  zfsRollback: command(zfs, ["rollback", "--", snapshot], asRoot),
  /** Everything mounted, from the kernel's own list: no file system is touched, so none can hang. */
  mounts: command(findmnt, ["-J", "-l", "-o", "TARGET,SOURCE,FSTYPE,MAJ:MIN"]),
  blockNumbers: command(lsblk, ["-J", "-l", "-o", "KNAME,PKNAME,TYPE,MAJ:MIN,PATH"]),
  processCgroup: command(cat, ["--", processFile]),
  cgroupLimit: command(cat, ["--", limitFile]),
  smartctlTestShort: command(smartctl, ["-j", "-t", "short", "-d", driver, "--", disk], slowDisk),
  smartctlTestLong: command(smartctl, ["-j", "-t", "long", "-d", driver, "--", disk], slowDisk),
  smartctlTestAbort: command(smartctl, ["-j", "-X", "-d", driver, "--", disk], slowDisk),
  midcltChange: command(midclt, ["call", methodAmong([...truenasMethods.change, ...truenasMethods.job]), params], {
    timeout_ms: 60_000,
  }),
} as const satisfies Commands;

export type ReadingCommands = typeof readingCommands;
export type ChangingCommands = typeof changingCommands;
  // A program that writes one word to one file, both seen by sudo: a shell's ">" or tee's input would be seen by nobody.
  cgroupThrottle: command(find, ["/", "-maxdepth", "0", "-fprintf", throttleFile, throttleLine], asRoot),
  cgroupIoMax: command(find, ["/", "-maxdepth", "0", "-fprintf", ioMaxFile, ioMaxLine], asRoot),
