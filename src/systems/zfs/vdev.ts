import { nameOfPath, plainName } from "./names.ts";
import type { VdevClass, VdevState } from "./port.ts";

const states: Readonly<Record<string, VdevState>> = {
  ONLINE: "online",
  DEGRADED: "degraded",
  FAULTED: "faulted",
  OFFLINE: "offline",
  UNAVAIL: "unavail",
  CANT_OPEN: "unavail",
  SUSPENDED: "faulted",
  REMOVED: "removed",
  AVAIL: "available",
  INUSE: "in_use",
};

/** A state as `zpool`, `zpool -j` and TrueNAS write it. */
export const stateOf = (word: string): VdevState => states[word.toUpperCase()] ?? "unknown";

const classes: Readonly<Record<string, VdevClass>> = {
  special: "special",
  dedup: "dedup",
  log: "log",
  logs: "log",
  cache: "cache",
  l2cache: "cache",
  spare: "spare",
  spares: "spare",
};

export const classOf = (word: string | undefined): VdevClass | undefined => classes[word ?? ""];

/** What a vdev is, by the name that `zpool status -P` gives it. */
export function typeOf(name: string): string {
  const [, group] = /^(mirror|raidz[123]|draid[123]?|replacing|spare|indirect)-?(?:\d|:)/.exec(name) ?? [];
  if (group !== undefined) return group.startsWith("draid") ? "draid" : group;
  if (/^\d+$/.test(name)) return "missing";
  return name.startsWith("/") && !name.startsWith("/dev/") ? "file" : "disk";
}

/** The name that is shown: without the folder where it is a path. */
export const shownName = (name: string): string => (name.startsWith("/") ? nameOfPath(name) : plainName(name));
