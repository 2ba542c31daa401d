import { listsBoot } from "../files/lists-program.ts";
import { ownersBoot } from "../files/owners-program.ts";
import { secretBoot } from "../secret-files/program.ts";
import { lists as truenasMethods } from "../truenas/methods.ts";
import { type Commands, command, line } from "./command.ts";
import {
  account,
  accountNumber,
  bitRate,
  byId,
  byteCount,
  child,
  composeFile,
  composeFolder,
  composeProject,
  composeService,
  composeSpare,
  dataset,
  definition,
  direction,
  disk,
  driver,
  engineSocket,
  guid,
  ifb,
  ioMaxFile,
  ioMaxLine,
  limitFile,
  methodAmong,
  params,
  pid,
  pool,
  processFile,
  queueLimit,
  scope,
  secretFile,
  settingsFile,
  shaped,
  snapshot,
  snapshots,
  tag,
  throttleFile,
  throttleLine,
  tree,
  veth,
} from "./slots.ts";

// Linux, BSD, built from source.
const zpool = ["/usr/sbin/zpool", "/sbin/zpool", "/usr/local/sbin/zpool"];
const zfs = ["/usr/sbin/zfs", "/sbin/zfs", "/usr/local/sbin/zfs"];
const smartctl = ["/usr/sbin/smartctl", "/usr/local/sbin/smartctl"];
const lsblk = ["/usr/bin/lsblk", "/bin/lsblk"];
const getent = ["/usr/bin/getent"];
const groupadd = ["/usr/sbin/groupadd"];
const groupdel = ["/usr/sbin/groupdel"];
const useradd = ["/usr/sbin/useradd"];
const userdel = ["/usr/sbin/userdel"];
const stat = ["/usr/bin/stat", "/bin/stat"];
const realpath = ["/usr/bin/realpath", "/bin/realpath"];
const python = ["/usr/bin/python3", "/usr/local/bin/python3"];
const find = ["/usr/bin/find", "/bin/find"];
const findmnt = ["/usr/bin/findmnt", "/bin/findmnt"];
const cat = ["/usr/bin/cat", "/bin/cat"];
const ip = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"];
const tc = ["/usr/sbin/tc", "/sbin/tc"];
const ss = ["/usr/bin/ss", "/bin/ss", "/usr/sbin/ss"];
const nsenter = ["/usr/bin/nsenter", "/bin/nsenter"];
const readlink = ["/usr/bin/readlink", "/bin/readlink"];
const cp = ["/usr/bin/cp", "/bin/cp"];
const mv = ["/usr/bin/mv", "/bin/mv"];
const rm = ["/usr/bin/rm", "/bin/rm"];
const tee = ["/usr/bin/tee"];
const docker = ["/usr/bin/docker", "/usr/local/bin/docker"];
const midclt = ["/usr/bin/midclt", "/usr/local/bin/midclt"];
const asRoot = { root: true };
/** Ours, among the numbers that people give their queues: "HS" in ASCII. A queue without it is somebody else's. */
const [ourQueue, ourClass, ourFilter] = ["4853:", "4853:1", "18515"] as const;
// A disk that has to be woken, or that retries a sector, answers late.
const slowDisk = { root: true, timeout_ms: 60_000 };
/** As its account, which has to be one that may use Docker: through sudo any compose file would make it root. */
const compose = line`--host ${engineSocket} compose --project-name ${composeProject} --project-directory ${composeFolder} --file ${composeFile}`;

const poolColumns = "name,guid,health,size,allocated,free,fragmentation,capacity,altroot";
const datasetColumns =
  "name,type,used,available,referenced,usedbysnapshots,quota,refquota,compression,compressratio,mountpoint,readonly,encryption,volsize,origin,creation";
const snapshotColumns = "name,guid,creation,used,referenced,userrefs,clones";
// Slow with ten thousand, so of one dataset only.
const lineageColumns = `${snapshotColumns},createtxg,written`;
const propertyColumns = "name,property,value";
const blockColumns =
  "NAME,KNAME,PATH,PKNAME,TYPE,SIZE,MODEL,SERIAL,WWN,TRAN,ROTA,HCTL,PHY-SEC,FSTYPE,LABEL,PARTUUID,MOUNTPOINT";

/** Commands that change nothing. Root is needed only by `smartctl`, which opens the disks themselves, and for folders of others. */
export const readingCommands = {
  zfsVersion: command(zfs, ["version"]),
  /** From OpenZFS 2.3 on. */
  zpoolStatusJson: command(zpool, ["status", "-j", "--json-int", "-P", "-p"]),
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
  /** The same with what plans about them rest on, the oldest first. */
  zfsLineage: command(
    zfs,
    ["list", "-H", "-p", "-t", "snapshot", "-d", "1", "-s", "createtxg", "-o", lineageColumns, "--", dataset],
    { timeout_ms: 120_000 },
  ),
  zfsSnapshot: command(zfs, ["list", "-H", "-p", "-t", "snapshot", "-o", snapshotColumns, "--", snapshot]),
  zfsGet: command(zfs, ["get", "-H", "-p", "--", "all", dataset]),
  zfsBookmarks: command(zfs, ["list", "-H", "-p", "-t", "bookmark", "-d", "1", "-o", "name,createtxg", "--", dataset]),
  /** Destroys nothing (-n): tells how many bytes deleting exactly these would free. */
  zfsWouldFree: command(zfs, ["destroy", "-n", "-v", "-p", "--", snapshots], { timeout_ms: 120_000 }),
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
  smartctlRead: command(smartctl, ["-n", "standby", "-x", "-j", "-d", driver, "--", disk], slowDisk),
  /** Everything mounted, from the kernel's own list: no file system is touched, so none can hang. */
  mounts: command(findmnt, ["-J", "-l", "-o", "TARGET,SOURCE,FSTYPE,MAJ:MIN"]),
  blockNumbers: command(lsblk, ["-J", "-l", "-o", "KNAME,PKNAME,TYPE,MAJ:MIN,PATH"]),
  processCgroup: command(cat, ["--", processFile]),
  cgroupLimit: command(cat, ["--", limitFile]),
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
  /** Entries with access lists, or every one, of one filesystem below a folder; the program comes by stdin. */
  accessLists: command(python, ["-I", "-c", listsBoot, scope, "--", tree], {
    root: true,
    timeout_ms: 6 * 3_600_000,
    answers: [0, 3],
  }),
  /** How each entry of a list stands; the program and the list come by stdin. */
  ownersCheck: command(python, ["-I", "-c", ownersBoot, "check", "--", tree], { root: true, timeout_ms: 600_000 }),
  /** Whether a secret's file is there, and whose. */
  secretLook: command(python, ["-I", "-c", secretBoot, "look", "--", secretFile], asRoot),
  links: command(ip, ["-d", "-j", "link", "show"]),
  /** In a container's network, by the host's own program: nothing of the container's files is run or read. */
  linksInside: command(nsenter, line`-t ${pid} -n -- /sbin/ip -d -j link show`, asRoot),
  /** Whose a socket is only root sees. */
  sockets: command(ss, ["-H", "-l", "-n", "-t", "-u", "-p"], asRoot),
  queues: command(tc, ["-j", "qdisc", "show"]),
  /** Not JSON in iproute2 6.1, whatever it is asked for. */
  queueClasses: command(tc, line`class show dev ${shaped}`),
  incomingFilters: command(tc, line`filter show dev ${veth} parent ffff:`),
  composeVersion: command(docker, ["compose", "version", "--short"]),
  /** Where it leads to through links. */
  composeReal: command(readlink, ["-e", "-z", "--", definition]),
  composeText: command(cat, ["--", definition]),
  /** What is at a path and a little below, each with its type's letter. As its account, like the next: what only root may read is left unread. */
  filesBelow: command(find, ["-P", "--", tree, "-xdev", "-maxdepth", "4", "-not", "-type", "d", "-printf", "%y%p\\0"], {
    timeout_ms: 10_000,
    max_bytes: 1024 * 1024,
  }),
  settingsText: command(cat, ["--", settingsFile], { timeout_ms: 10_000, max_bytes: 256 * 1024 }),
  /** A hash of each service as its file and variables define it now, the one that compose labels containers with. */
  composeHashes: command(docker, [...compose, "config", "--hash", "*"], { timeout_ms: 60_000 }),
  /** TrueNAS's own command line, as the account that runs it: that account's privilege decides. */
  midcltRead: command(midclt, ["call", methodAmong(truenasMethods.read), params], { max_bytes: 64 * 1024 * 1024 }),
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
  smartctlTestShort: command(smartctl, ["-j", "-t", "short", "-d", driver, "--", disk], slowDisk),
  smartctlTestLong: command(smartctl, ["-j", "-t", "long", "-d", driver, "--", disk], slowDisk),
  smartctlTestAbort: command(smartctl, ["-j", "-X", "-d", driver, "--", disk], slowDisk),
  // A program that writes one word to one file, both seen by sudo: a shell's ">" or tee's input would be seen by nobody.
  cgroupThrottle: command(find, ["/", "-maxdepth", "0", "-fprintf", throttleFile, throttleLine], asRoot),
  cgroupIoMax: command(find, ["/", "-maxdepth", "0", "-fprintf", ioMaxFile, ioMaxLine], asRoot),
  queueAdd: command(tc, line`qdisc add dev ${shaped} root handle ${ourQueue} htb default 1`, asRoot),
  /** The kernel compares the handle: a queue of somebody else is not deleted. */
  queueDelete: command(tc, line`qdisc delete dev ${shaped} root handle ${ourQueue} htb`, asRoot),
  queueRate: command(
    tc,
    line`class replace dev ${shaped} parent ${ourQueue} classid ${ourClass} htb rate ${bitRate} burst ${byteCount} cburst ${byteCount}`,
    asRoot,
  ),
  /** How much may wait: without a limit of its own that is a thousand packets, which can be minutes. */
  queueLength: command(
    tc,
    line`qdisc replace dev ${shaped} parent ${ourClass} handle 4854: bfifo limit ${queueLimit}`,
    asRoot,
  ),
  ifbAdd: command(ip, line`link add name ${ifb} type ifb`, asRoot),
  ifbUp: command(ip, line`link set dev ${ifb} up`, asRoot),
  ifbDelete: command(ip, line`link delete dev ${ifb} type ifb`, asRoot),
  incomingAdd: command(tc, line`qdisc add dev ${veth} handle ffff: ingress`, asRoot),
  incomingDelete: command(tc, line`qdisc delete dev ${veth} handle ffff: ingress`, asRoot),
  incomingRedirect: command(
    tc,
    line`filter add dev ${veth} parent ffff: protocol all prio ${ourFilter} u32 match u32 0 0 action mirred egress redirect dev ${ifb}`,
    asRoot,
  ),
  incomingPolice: command(
    tc,
    line`filter add dev ${veth} parent ffff: protocol all prio ${ourFilter} u32 match u32 0 0 police rate ${bitRate} burst ${byteCount} drop flowid :1`,
    asRoot,
  ),
  /** Gives each entry of a list its new owner and mode, or its old ones back. */
  ownersSet: command(python, ["-I", "-c", ownersBoot, direction, "--", tree], { root: true, timeout_ms: 1_800_000 }),
  groupAdd: command(groupadd, line`--gid ${accountNumber} -- ${account}`, asRoot),
  /** Without a home, a password, a shell and numbers for containers of its own; in the group of the same number. */
  userAdd: command(
    useradd,
    line`--uid ${accountNumber} --gid ${accountNumber} --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --no-log-init --key SUB_UID_COUNT=0 --key SUB_GID_COUNT=0 -- ${account}`,
    asRoot,
  ),
  userDelete: command(userdel, line`-- ${account}`, asRoot),
  groupDelete: command(groupdel, line`-- ${account}`, asRoot),
  secretWrite: command(python, ["-I", "-c", secretBoot, "write", "--", secretFile], asRoot),
  /** Here, because what it holds is for approved steps only. */
  secretRead: command(python, ["-I", "-c", secretBoot, "read", "--", secretFile], asRoot),
  secretRemove: command(python, ["-I", "-c", secretBoot, "remove", "--", secretFile], asRoot),
  /** With its owner and mode. */
  composeCopy: command(cp, ["--preserve=mode,ownership", "--no-target-directory", "--", definition, composeSpare]),
  /** What it reads from its input. */
  composeFill: command(tee, ["--", composeSpare]),
  /** In one step: whoever reads the file reads the old one or the new one. */
  composeSwap: command(mv, ["--no-target-directory", "--", composeSpare, definition]),
  composeForget: command(rm, ["--", composeSpare]),
  /** Makes the container of one service again where anything about it changed; nothing is pulled or built. */
  composeUp: command(
    docker,
    [...compose, ...line`up --detach --no-deps --no-build --pull never -- ${composeService}`],
    { timeout_ms: 600_000 },
  ),
  midcltChange: command(midclt, ["call", methodAmong([...truenasMethods.change, ...truenasMethods.job]), params], {
    timeout_ms: 60_000,
  }),
} as const satisfies Commands;

export type ReadingCommands = typeof readingCommands;
export type ChangingCommands = typeof changingCommands;
