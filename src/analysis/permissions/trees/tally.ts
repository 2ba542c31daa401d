import type { AccessList, FileEntry, ListedEntry } from "../../../systems/files/port.ts";
import { type ListFacts, rightsByList, tallyLists } from "./lists.ts";

/** A container that has a tree, or a part of it, mounted. */
export interface Viewer {
  container: string;
  uid: number;
  /** Its groups; null where its image alone knows them. */
  gids: ReadonlySet<number> | null;
  writable: boolean;
  /** The folder of the machine that it has mounted. */
  path: string;
}

/** How many entries, and the first few of them. */
export interface Count {
  entries: number;
  examples: string[];
}

/** What was found of one tree. Of symbolic links only the owner counts: their own mode means nothing. */
export interface TreeFacts {
  entries: number;
  folders: number;
  links: number;
  /** Files with several names: another one may lie outside of the tree. */
  hard_linked: number;
  /** Writable by everybody; folders with the sticky bit (as /tmp has it) are not among them. */
  world_writable: Count;
  admin_owned: Count;
  setuid: Count;
  setgid: Count;
  /** What a container may not read, or not write though its mount is writable; by container. */
  unreadable: ReadonlyMap<string, Count>;
  unwritable: ReadonlyMap<string, Count>;
  /** What access lists say; without entries where none was given. */
  lists: ListFacts;
}

export interface Tally {
  add(entries: readonly FileEntry[]): void;
  /** Entries with access lists, before or after they are added: where a list decides otherwise than the mode, it counts. */
  addLists(listed: readonly ListedEntry[]): void;
  facts(): TreeFacts;
}

const examplesKept = 3;
/** Of more entries about which their modes are wrong no names are kept, and so none are told. */
const mostCorrected = 1_000;
const [setuid, setgid, sticky] = [0o4000, 0o2000, 0o1000];
const count = (): Count => ({ entries: 0, examples: [] });

/** Counts what a walk gives, entry by entry, keeping nothing but numbers and a few names. */
export function tally(viewers: readonly Viewer[], admins: ReadonlySet<number>): Tally {
  const plain = { entries: 0, folders: 0, links: 0, hard_linked: 0 };
  const kinds = { world_writable: count(), admin_owned: count(), setuid: count(), setgid: count() };
  const seen = viewers
    .filter(({ uid }) => uid !== 0)
    .map((viewer) => ({
      ...viewer,
      // Bytes, as the entries have them; a folder's own entry and what lies below it.
      itself: Buffer.from(viewer.path),
      below: Buffer.from(`${viewer.path.replace(/\/$/, "")}/`),
      unreadable: { ...count(), corrected: new Set<string>() },
      unwritable: { ...count(), corrected: new Set<string>() },
    }));
  const lists = tallyLists();
  const sees = (viewer: (typeof seen)[number], { path }: FileEntry) =>
    begins(path, viewer.below) || path.equals(viewer.itself);

  const add = (entry: FileEntry) => {
    const { type, mode, uid, links } = entry;
    plain.entries += 1;
    if (admins.has(uid)) note(kinds.admin_owned, entry);
    if (type === "l") {
      plain.links += 1;
      return;
    }
    const folder = type === "d";
    if (folder) plain.folders += 1;
    else if (links > 1) plain.hard_linked += 1;
    if ((mode & 0o002) !== 0 && !(folder && (mode & sticky) !== 0)) note(kinds.world_writable, entry);
    if (type === "f" && (mode & setuid) !== 0) note(kinds.setuid, entry);
    // On a folder it only hands its group on.
    if (type === "f" && (mode & setgid) !== 0) note(kinds.setgid, entry);
    for (const viewer of seen) {
      if (!sees(viewer, entry)) continue;
      const rights = rightsOf(entry, viewer);
      if (unreadable(entry, rights)) note(viewer.unreadable, entry);
      if (unwritable(viewer, rights)) note(viewer.unwritable, entry);
    }
  };
  const addList = (listed: ListedEntry) => {
    const { entry, list } = listed;
    lists.add(listed);
    for (const viewer of seen.filter((one) => sees(one, entry))) {
      const [mode, really] = [rightsOf(entry, viewer), rightsOf(entry, viewer, list)];
      correct(viewer.unreadable, entry, unreadable(entry, mode), unreadable(entry, really));
      correct(viewer.unwritable, entry, unwritable(viewer, mode), unwritable(viewer, really));
    }
  };
  const byContainer = (of: "unreadable" | "unwritable") =>
    new Map(seen.filter((viewer) => viewer[of].entries > 0).map((viewer) => [viewer.container, told(viewer[of])]));
  return {
    add: (entries) => entries.forEach(add),
    addLists: (listed) => listed.forEach(addList),
    facts: () => ({
      ...plain,
      ...kinds,
      unreadable: byContainer("unreadable"),
      unwritable: byContainer("unwritable"),
      lists: lists.facts(),
    }),
  };
}

const unreadable = ({ type }: FileEntry, rights: number | null) => {
  const needed = type === "d" ? 0o5 : 0o4;
  return rights !== null && (rights & needed) !== needed;
};
const unwritable = ({ writable }: Viewer, rights: number | null) => rights !== null && writable && (rights & 0o2) === 0;

/** A count with the names of those that a list took out of it again. */
interface Corrected extends Count {
  corrected: Set<string>;
}

function correct(kind: Corrected, entry: FileEntry, byMode: boolean, really: boolean): void {
  if (really && !byMode) note(kind, entry);
  if (!byMode || really) return;
  kind.entries -= 1;
  if (kind.corrected.size < mostCorrected) kind.corrected.add(entry.path.toString("utf8"));
}

const told = ({ entries, examples, corrected }: Corrected): Count => ({
  entries,
  examples: corrected.size < mostCorrected ? examples.filter((path) => !corrected.has(path)) : [],
});

function note(kind: Count, { path }: FileEntry): void {
  kind.entries += 1;
  if (kind.examples.length < examplesKept) kind.examples.push(path.toString("utf8"));
}

const begins = (path: Buffer, with_: Buffer) =>
  path.length >= with_.length && path.compare(with_, 0, with_.length, 0, with_.length) === 0;

/** The three bits that hold for a user, by the entry's list where it has one; null where groups decide and are not known. */
export function rightsOf(entry: FileEntry, viewer: Viewer, list: AccessList | null = null): number | null {
  if (list !== null && list.here.length > 0) return rightsByList(entry, list, viewer);
  const { mode, uid, gid } = entry;
  if (uid === viewer.uid) return (mode >> 6) & 0o7;
  if (viewer.gids === null) return ((mode >> 3) & 0o7) === (mode & 0o7) ? mode & 0o7 : null;
  return viewer.gids.has(gid) ? (mode >> 3) & 0o7 : mode & 0o7;
}
