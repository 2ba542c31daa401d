import type { AccessList, Ace, FileEntry, ListedEntry } from "../../../systems/files/port.ts";

/** Entries whose access list says more than their mode, the first few of them, and what of that to how many: "user 1000 may write". */
export interface ListFacts {
  entries: number;
  examples: string[];
  may: ReadonlyMap<string, number>;
  /** To how many everybody may write through their list, though their mode does not say so. */
  open: number;
}

/** No more are told apart: a list of a hundred names says enough. */
const mostTold = 100;
const examplesKept = 3;

/** Counts what access lists say, entry by entry, keeping nothing but numbers and a few names. */
export function tallyLists(): { add(listed: ListedEntry): void; facts(): ListFacts } {
  const may = new Map<string, number>();
  const examples: string[] = [];
  const all = { entries: 0, open: 0 };
  return {
    add({ entry, list }) {
      if (list === null) return;
      const told = grantsOf(list, entry.mode);
      if (told.size === 0) return;
      all.entries += 1;
      if ([...told].some((words) => words.startsWith("everyone may write"))) all.open += 1;
      if (examples.length < examplesKept) examples.push(entry.path.toString("utf8"));
      for (const words of told) {
        const before = may.get(words);
        if (before !== undefined || may.size < mostTold) may.set(words, (before ?? 0) + 1);
      }
    },
    facts: () => ({ ...all, examples, may }),
  };
}

/** What a list lets others do that no mode could: users and groups by number, and everybody beyond the mode. */
function grantsOf({ kind, here, inside }: AccessList, mode: number): Set<string> {
  const said = (aces: readonly Ace[], where: string, everyone: boolean) =>
    aces.flatMap(({ who, id, allows, rights, changes }) => {
      const named = who === "user" || who === "group";
      if (!allows || !(named || (who === "everyone" && everyone && changes))) return [];
      // A mask is the most that any of them may.
      const left = named ? rights & maskOf(aces) : rights;
      const does = (kind === "posix" ? (left & 2) !== 0 : changes)
        ? "write"
        : (left & 4) !== 0
          ? "read"
          : "enter or run";
      return left === 0 && !(kind === "nfsv4" && changes) ? [] : [`${who}${named ? ` ${id}` : ""} may ${does}${where}`];
    });
  const openByMode = kind === "posix" || (mode & 0o002) !== 0;
  return new Set([...said(here, "", !openByMode), ...said(inside, " what is made inside", true)]);
}

const maskOf = (aces: readonly Ace[]) => aces.find(({ who }) => who === "mask")?.rights ?? 7;

/**
 * The three bits that hold for a user of an entry by its access list (acl(5), RFC 5661 6.2.1); null where groups decide and
 * are not known.
 */
export function rightsByList(
  { uid, gid, mode }: FileEntry,
  { kind, here }: AccessList,
  who: { uid: number; gids: ReadonlySet<number> | null },
): number | null {
  const { gids } = who;
  const isGroup = (ace: Ace) => ace.who === "group" || ace.who === "owning_group";
  const isMine = (ace: Ace) =>
    (ace.who === "owner" && uid === who.uid) ||
    (ace.who === "user" && ace.id === who.uid) ||
    (isGroup(ace) && gids?.has(ace.id ?? gid) === true);
  const mine = here.filter(isMine);
  const unknown = gids === null && here.some(isGroup);
  if (kind === "posix") {
    // The first kind that is there decides; of several groups what any of them may. Owner and others are the mode's.
    if (uid === who.uid) return (mode >> 6) & 0o7;
    const named = mine.find((ace) => ace.who === "user");
    if (named !== undefined) return named.rights & maskOf(here);
    if (unknown) return null;
    if (mine.length > 0) return mine.reduce((rights, ace) => rights | ace.rights, 0) & maskOf(here);
    return mode & 0o7;
  }
  if (unknown) return null;
  // Of each right the first entry that speaks of it decides.
  let [rights, decided] = [0, 0];
  for (const ace of here.filter((one) => one.who === "everyone" || mine.includes(one))) {
    if (ace.allows) rights |= ace.rights & ~decided;
    decided |= ace.rights;
  }
  return rights;
}
