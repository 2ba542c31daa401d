import type { AccessList, EntryChange, FileEntry, ListedEntry } from "../../../systems/files/port.ts";
import type { CheckName } from "../catalogue.ts";
import { rightsOf, type Viewer } from "../trees/tally.ts";

/** The findings of trees that can be mended: by owner, group and mode, and by nothing else. */
export const mendable = ["world_writable", "admin_owned", "setuid_files", "unreadable"] as const satisfies CheckName[];
export type Mendable = (typeof mendable)[number];

/** A container's files go from the user that it runs as to the one that it gets. */
export interface HandOver {
  /** All that it writes files as; `gid` null where only its image knows it. */
  from: { uids: ReadonlySet<number>; gid: number | null };
  to: { uid: number; gid: number };
}

/** An entry with its list, and what it becomes. */
type Becoming = EntryChange & ListedEntry;

/** Whom a tree's entries shall belong to, and what of it is to be mended. */
export interface Mending {
  checks: ReadonlySet<Mendable>;
  /** The container's own user; its group where that is known. */
  owner: { uid: number; gid: number | null };
  /** Null where it keeps its user, or may not write to this tree. */
  hands_over: HandOver | null;
  /** Its view of the tree once all is done, for what it can't read. */
  viewer: Viewer;
  /** Accounts that administer the machine. */
  admins: ReadonlySet<number>;
}

const [setids, sticky, others_write] = [0o6000, 0o1000, 0o002];

/**
 * What one entry is to become; null where it stays as it is. Links change their owner only, device files nothing. Where an NFSv4 list
 * decides, the mode is its shadow, and to set it would rewrite the list: only the owner changes.
 */
export function mended(
  { entry, list }: ListedEntry,
  { checks, owner, hands_over, viewer, admins }: Mending,
): EntryChange["to"] | null {
  const { type, mode, uid, gid } = entry;
  if (type === "b" || type === "c") return null;
  const by_list = list?.kind === "nfsv4";
  // A new owner takes them away, and to give them back would be to set the mode.
  if (by_list && type === "f" && (mode & setids) !== 0) return null;
  const link = type === "l";
  const folder = type === "d";
  const given = handedOver(entry, hands_over);
  const unreadable = checks.has("unreadable") && !link && !readable({ ...entry, ...given }, list, viewer);
  const its = { uid: owner.uid, gid: owner.gid ?? given.gid };
  const helps = unreadable && (!by_list || readable({ ...entry, ...its }, list, viewer));
  const give = helps || (checks.has("admin_owned") && admins.has(given.uid));
  let bits = mode;
  if (checks.has("world_writable") && !by_list && !link && !(folder && (mode & sticky) !== 0)) bits &= ~others_write;
  if (checks.has("setuid_files") && type === "f") bits &= ~setids;
  // One that its owner may not read is not helped by another owner alone.
  if (unreadable && !by_list) bits |= folder ? 0o500 : 0o400;
  const to = { ...(give ? its : given), mode: bits };
  return to.uid === uid && to.gid === gid && to.mode === mode ? null : to;
}

/** A group of its own goes along; another one stays, since others may reach the entry by it. */
function handedOver({ uid, gid }: FileEntry, hands_over: HandOver | null): { uid: number; gid: number } {
  if (hands_over === null || !hands_over.from.uids.has(uid)) return { uid, gid };
  return { uid: hands_over.to.uid, gid: gid === hands_over.from.gid ? hands_over.to.gid : gid };
}

/** Whether a container may read an entry as it is; true where its groups decide and are not known. */
function readable(entry: FileEntry, list: AccessList | null, viewer: Viewer): boolean {
  const needed = entry.type === "d" ? 0o5 : 0o4;
  const rights = viewer.uid === 0 ? 0o7 : rightsOf(entry, viewer, list);
  return rights === null || (rights & needed) === needed;
}

/** Whether a container could use an entry as whom it is, and can't as whom it becomes, with what becomes of the entry. */
export function shutOut({ entry, to, list }: Becoming, is: Viewer, becomes: Viewer): boolean {
  if (entry.type === "l") return false;
  const before = is.uid === 0 ? 0o7 : rightsOf(entry, is, list);
  const after = rightsOf({ ...entry, ...to }, becomes, list);
  if (before === null || after === null) return false;
  const used = (is.writable ? 0o6 : 0o4) | (entry.type === "d" ? 0o1 : 0);
  return (before & ~after & used) !== 0;
}

/** Whether a container could read or write an entry, and could not once it is changed. */
export function loses({ entry, to, list }: Becoming, viewer: Viewer): boolean {
  if (viewer.uid === 0 || entry.type === "l") return false;
  const [before, after] = [rightsOf(entry, viewer, list), rightsOf({ ...entry, ...to }, viewer, list)];
  if (before === null || after === null) return false;
  const used = viewer.writable ? 0o7 : 0o5;
  return (before & ~after & used) !== 0;
}
