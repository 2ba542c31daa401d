import { StewardError } from "../../shared/errors.ts";
import { fitsWildcard } from "../../shared/wildcard.ts";
import type { Lineage, LineSnapshot } from "../../systems/zfs/port.ts";

/** Snapshots one plan deletes at the most: a person has to be able to read their list. */
export const mostAtOnce = 100;
const day_ms = 86_400_000;

/** What a snapshot is called within its dataset: "daily-2026-11-22". */
export const ownName = (name: string): string => name.slice(name.indexOf("@") + 1);

/** The one snapshot of that name. Errors: not_found (names the newest there are). */
export function named({ dataset, snapshots }: Lineage, own: string): LineSnapshot {
  const found = snapshots.find(({ name }) => ownName(name) === own);
  if (found !== undefined) return found;
  const newest = snapshots.slice(-5).map(({ name }) => ownName(name));
  throw new StewardError(
    "not_found",
    `${dataset} has no snapshot of that name.`,
    newest.length === 0 ? "It has none at all." : `Its newest are: ${newest.toReversed().join(", ")}.`,
  );
}

export interface Chosen {
  /** The oldest first. */
  snapshots: LineSnapshot[];
  /** Meant as well, and left out: what holds or needs them, in plain words. */
  left: { snapshot: LineSnapshot; why: string }[];
  /** So many more are meant than one plan deletes. */
  more: number;
}

/**
 * The snapshots of a dataset that are to be deleted. Errors: not_found where none is meant, conflict where none that is
 * meant can be deleted.
 *
 * @param wish.pattern a name, in which * stands for anything
 * @param wish.older_than_days only those taken longer ago
 * @param now ms since 1970
 */
export function choose(
  line: Lineage,
  wish: { pattern: string; older_than_days?: number | undefined },
  now: number,
): Chosen {
  const { pattern, older_than_days } = wish;
  if (!pattern.includes("*")) named(line, pattern);
  // Without an age two clocks that differ must not matter.
  const before = older_than_days === undefined ? Infinity : now - older_than_days * day_ms;
  const meant = line.snapshots.filter(
    ({ name, created_at }) => fitsWildcard(pattern, ownName(name)) && created_at <= before,
  );
  if (meant.length === 0)
    throw new StewardError(
      "not_found",
      `No snapshot of ${line.dataset} is meant by that.`,
      `It has ${line.snapshots.length}. Check the pattern and the age.`,
    );
  const left = meant.flatMap((snapshot) => whyNot(snapshot).map((why) => ({ snapshot, why })));
  const free = meant.filter((snapshot) => whyNot(snapshot).length === 0);
  const [first] = left;
  if (free.length === 0 && first !== undefined)
    throw new StewardError(
      "conflict",
      `${first.snapshot.name} can't be deleted: ${first.why}.`,
      "Release its hold (action release) or look after its clone first.",
    );
  return { snapshots: free.slice(0, mostAtOnce), left, more: Math.max(0, free.length - mostAtOnce) };
}

/** What keeps a snapshot from being deleted. */
export function whyNot({ holds, clones }: LineSnapshot): string[] {
  return [
    ...(holds.length > 0 ? [`it is held (${holds.map(sayTag).join(", ")})`] : []),
    ...(clones.length > 0 ? [`${clones.join(", ")} is cloned from it`] : []),
  ];
}

/** A hold's tag may be any text at all: it comes from outside. */
const sayTag = (tag: string): string => (/^[\w.:-]{1,64}$/.test(tag) ? tag : "by a tag with unusual characters");
