import { StewardError } from "../../shared/errors.ts";
import { literal } from "../../shared/literal.ts";

/**
 * What may stand in a command besides its fixed words. Patterns are POSIX extended regular expressions that JavaScript
 * reads the same way: the sudoers lines and the forced command (sudoers.ts, forced-command.ts) hold the very same ones.
 * None lets a value begin with "-", or holds a quote, a backslash, a newline or a character that some shell expands.
 */
export interface Slot<Name extends string = string> {
  slot: Name;
  /** In plain words, for errors: "the name of a pool". */
  is: string;
  pattern: string;
  /** Characters, at the most. */
  max: number;
  /** Stands before the value in its word: "/dev/". */
  before?: string;
  /** The pattern holds behind one of the configured roots, by segments. */
  rooted?: true;
}

/** Whether a value may stand in a slot. */
export const fits = (slot: Slot, value: string, roots: readonly string[]): boolean =>
  value.length <= slot.max && new RegExp(`^(?:${patternOf(slot, roots)})$`).test(value);

/** Where nothing else is configured. */
export const defaultRoots: readonly string[] = ["/mnt"];

/** What a slot's value has to match, whole. Errors: bad_input (a root that is not written plainly). */
export function patternOf({ pattern, rooted }: Slot, roots: readonly string[]): string {
  if (rooted && !roots.every((root) => new RegExp(`^(/${segment})+$`).test(root)))
    throw new StewardError(
      "bad_input",
      "A root is no plain absolute path.",
      "Write it like /mnt/tank, without . and ..",
    );
  return rooted ? `(${roots.map(literal).join("|")})${pattern}` : pattern;
}

/** Any number of words, each JSON: for midclt, whose methods are a closed list. */
export interface JsonWords<Name extends string = string> {
  slot: Name;
  json: true;
}

// The names ZFS itself allows (zfs(8)). A dataset's own parts may be anything but "." and "..", which it refuses itself.
const zfsPart = "[A-Za-z0-9._: -]+";
const poolName = "[A-Za-z][A-Za-z0-9._: -]*";
const datasetName = `${poolName}(/${zfsPart})*`;
const zfsMax = 255;

export const pool = { slot: "pool", is: "the name of a pool", pattern: poolName, max: zfsMax } as const;
export const dataset = { slot: "dataset", is: "the name of a dataset", pattern: datasetName, max: zfsMax } as const;
/** Never a pool's own root. */
export const child = {
  slot: "dataset",
  is: "the name of a dataset below a pool",
  pattern: `${poolName}(/${zfsPart})+`,
  max: zfsMax,
} as const;
/** Exactly one: zfs reads "," and "%" as several. */
export const snapshot = {
  slot: "snapshot",
  is: "the name of one snapshot (dataset@name)",
  pattern: `${datasetName}@${zfsPart}`,
  max: zfsMax,
} as const;
/** Several of one dataset, as zfs reads them: "tank@a,b". For a reading command only. */
export const snapshots = {
  slot: "snapshots",
  is: "the names of snapshots of one dataset (dataset@name,name)",
  pattern: `${datasetName}@${zfsPart}(,${zfsPart})*`,
  max: 16_000,
} as const;
export const tag = { slot: "tag", is: "a hold's tag", pattern: "[A-Za-z0-9][A-Za-z0-9._:-]*", max: 200 } as const;
/** 64 bits in decimal: names of vdevs move, guids stay. */
export const guid = { slot: "guid", is: "a vdev's guid", pattern: "[1-9][0-9]{0,19}", max: 20 } as const;
/** Kernel names move between boots: a disk that is to become part of a pool is named by its id. */
export const byId = {
  slot: "byId",
  is: "a name in /dev/disk/by-id",
  pattern: "[A-Za-z0-9][A-Za-z0-9._:+@-]*",
  max: 200,
  before: "/dev/disk/by-id/",
} as const;
/** As smartctl --scan names it, without /dev/: "sda", "nvme0", "bus/0". */
export const disk = {
  slot: "disk",
  is: "the name of a disk, such as sda",
  pattern: "[a-z][a-z0-9]*(/[a-z0-9]+)*",
  max: 64,
  before: "/dev/",
} as const;
/** smartctl's -d: "auto", "sat", "nvme", "megaraid,3". */
export const driver = {
  slot: "driver",
  is: "a type of disk as smartctl names it",
  pattern: "[a-z0-9][a-z0-9_]*([,+/][a-z0-9]+)*",
  max: 64,
} as const;

// A container's cgroup ends with its whole id; systemd makes a scope of it. No part begins with a dot, so none is "..".
const cgroupPart = "[A-Za-z0-9][A-Za-z0-9_.@:-]*";
const containerCgroup = `(${cgroupPart}/)*(docker-)?[0-9a-f]{64}(\\.scope)?`;
const cgroupRoot = "/sys/fs/cgroup/";

export const processFile = {
  slot: "process",
  is: "a file in /proc that names a process's cgroup",
  pattern: "[1-9][0-9]{0,9}/cgroup",
  max: 20,
  before: "/proc/",
} as const;
/** Under version 1 of cgroups the first part is the controller. */
export const limitFile = {
  slot: "limitFile",
  is: "the file of a limit in a container's cgroup",
  pattern: `${containerCgroup}/(memory\\.(limit_in_bytes|max)|cpu\\.(cfs_quota_us|cfs_period_us|max)|blkio\\.throttle\\.(read|write)_bps_device|io\\.max)`,
  max: 600,
  before: cgroupRoot,
} as const;
export const throttleFile = {
  slot: "throttleFile",
  is: "the file of a disk limit in a container's cgroup (version 1)",
  pattern: `blkio/${containerCgroup}/blkio\\.throttle\\.(read|write)_bps_device`,
  max: 600,
  before: cgroupRoot,
} as const;
export const ioMaxFile = {
  slot: "ioMaxFile",
  is: "the io.max of a container's cgroup (version 2)",
  pattern: `${containerCgroup}/io\\.max`,
  max: 600,
  before: cgroupRoot,
} as const;
const deviceNumbers = "[0-9]{1,4}:[0-9]{1,8}";
/** 0 takes the limit off. */
export const throttleLine = {
  slot: "throttle",
  is: "a disk's numbers and bytes per second",
  pattern: `${deviceNumbers} [0-9]{1,15}`,
  max: 40,
} as const;
export const ioMaxLine = {
  slot: "ioMax",
  is: "a disk's numbers, with bytes per second to read and to write",
  pattern: `${deviceNumbers} rbps=([0-9]{1,15}|max) wbps=([0-9]{1,15}|max)`,
  max: 80,
} as const;

// Neither "." nor "..": what is inside a root by its text has to be inside it on the disk, too.
const inner = "[A-Za-z0-9._@+: -]";
const outer = "[A-Za-z0-9_@+: -]";
const segment = `(${outer}${inner}*|\\.${outer}${inner}*|\\.\\.${inner}+)`;
export const tree = {
  slot: "tree",
  is: "a folder inside the configured roots",
  pattern: `(/${segment})*`,
  max: 1000,
  rooted: true,
} as const;

/** Its folder is by its name nobody else's, so that these rows open no other file that only root may read. */
const secretsFolder = "home-steward-secrets";
export const secretFile = {
  slot: "secretFile",
  is: `a file in a folder ${secretsFolder} inside the configured roots`,
  pattern: `${tree.pattern}/${secretsFolder}/[A-Za-z0-9][A-Za-z0-9_.-]*`,
  max: 1000,
  rooted: true,
} as const;

/** Where an engine listens, on the machine itself. */
export const engineSocket = {
  slot: "engine",
  is: "the path of Docker's socket",
  // A folder may begin with a dot, and be none of the two that lead elsewhere.
  pattern: "(/\\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)+",
  max: 200,
  before: "unix://",
} as const;
/** As compose itself allows them. */
export const composeProject = {
  slot: "project",
  is: "the name of a compose project",
  pattern: "[a-z0-9][a-z0-9_-]*",
  max: 100,
} as const;
export const composeService = {
  slot: "service",
  is: "the name of a compose service",
  pattern: "[A-Za-z0-9_][A-Za-z0-9._-]*",
  max: 100,
} as const;
export const composeFolder = { ...tree, slot: "folder" } as const;
export const composeFile = { ...tree, slot: "file", is: "a compose file inside the configured roots" } as const;
/** By its ending: no key, certificate or database is one. */
export const settingsFile = {
  ...tree,
  slot: "settings",
  is: "a settings file inside the configured roots",
  pattern: `${tree.pattern}([.](conf|cfg|ya?ml|toml|caddy)|/Caddyfile)`,
} as const;

/** The same as an operand of its own. */
export const definition = { ...composeFile, slot: "definition" } as const;
/** Beside it: how it was, and how it shall be. */
export const composeSpare = {
  ...tree,
  slot: "spare",
  is: "a copy beside a compose file inside the configured roots",
  pattern: `${tree.pattern}[.]steward-(old|new)`,
} as const;

/** Entries that have access lists, or every one. */
export const scope = { slot: "scope", is: "listed or every", pattern: "listed|every", max: 6 } as const;

/** From how it was to how it shall be, or back. */
export const direction = { slot: "direction", is: "forth or back", pattern: "forth|back", max: 5 } as const;

/** Only such accounts are made and removed: nobody else's begins like that. */
export const account = {
  slot: "account",
  is: "the name of an account that Home Steward makes",
  pattern: "hs-[a-z0-9][a-z0-9_-]*",
  max: 32,
} as const;
export const accountNumber = {
  slot: "number",
  is: "a number for an account, from 3000 to 59999",
  pattern: "[3-9][0-9]{3}|[1-5][0-9]{4}",
  max: 5,
} as const;

export const pid = { slot: "pid", is: "the number of a process", pattern: "[1-9][0-9]{0,9}", max: 10 } as const;
/** The host's end of a container's cable. No other interface is shaped. */
export const veth = {
  slot: "veth",
  is: "the host's end of a veth pair",
  pattern: "veth[0-9A-Za-z]{1,11}",
  max: 15,
} as const;
/** Made by us, one for a veth: it carries that one's letters. */
export const ifb = {
  slot: "ifb",
  is: "an interface that Home Steward made",
  pattern: "hs[0-9A-Za-z]{1,11}",
  max: 13,
} as const;
export const shaped = {
  slot: "device",
  is: "an interface that is shaped",
  pattern: `${veth.pattern}|${ifb.pattern}`,
  max: 15,
} as const;
export const bitRate = { slot: "rate", is: "bits per second", pattern: "[1-9][0-9]{0,11}bit", max: 16 } as const;
export const byteCount = { slot: "burst", is: "a number of bytes", pattern: "[1-9][0-9]{0,8}", max: 9 } as const;
export const queueLimit = { ...byteCount, slot: "limit" } as const;

/** midclt's arguments: one JSON text a word. */
export const params = { slot: "params", json: true } as const;

/** One of these methods of TrueNAS and no other. */
export const methodAmong = (names: Iterable<string>) =>
  ({
    slot: "method",
    is: "a method of TrueNAS that is called here",
    pattern: [...names].map(literal).join("|"),
    max: 100,
  }) as const;
