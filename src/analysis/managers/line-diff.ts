/** A run of lines of `before` that others take the place of. */
export interface LineEdit {
  /** Index of the first line concerned, from 0. */
  at: number;
  removed: string[];
  added: string[];
}

/** More lines that differ are not told apart: the ways to them take memory by their square. */
const mostApart = 2_000;

/** The fewest lines to take out and put in that make `after` of `before`; where these are too many, all from the first to the last. */
export function lineEdits(before: readonly string[], after: readonly string[]): LineEdit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [end, last] = [before.length, after.length];
  while (end > start && last > start && before[end - 1] === after[last - 1]) [end, last] = [end - 1, last - 1];
  const [old, fresh] = [before.slice(start, end), after.slice(start, last)];
  const ways = waysToEnd(old, fresh);
  if (ways === null) return [{ at: start, removed: old, added: fresh }];
  const reaches = (apart: number, i: number, j: number) =>
    (ways[apart]?.[(i - j - (old.length - fresh.length) + apart) / 2] ?? Number.POSITIVE_INFINITY) <= i;
  let apart = ways.length - 1;
  const edits: LineEdit[] = [];
  let open: LineEdit | null = null;
  for (let [i, j] = [0, 0]; i < old.length || j < fresh.length; ) {
    if (i < old.length && old[i] === fresh[j]) {
      [i, j, open] = [i + 1, j + 1, null];
      continue;
    }
    if (open === null) {
      open = { at: start + i, removed: [], added: [] };
      edits.push(open);
    }
    apart--;
    const takesOut = j >= fresh.length || (i < old.length && reaches(apart, i + 1, j));
    if (takesOut) open.removed.push(old[i++] ?? "");
    else open.added.push(fresh[j++] ?? "");
  }
  return edits;
}

/**
 * How far towards the start one comes from the ends of both with 0, 1, 2 … lines that differ (Myers, from behind): the least
 * `i` of each diagonal `i - j`, every second from the outermost on. Up to what reaches the start; null where that is too many.
 */
function waysToEnd(old: readonly string[], fresh: readonly string[]): Int32Array[] | null {
  const ways: Int32Array[] = [];
  for (let apart = 0; apart <= mostApart; apart++) {
    const nearer = ways.at(-1);
    const now = new Int32Array(apart + 1);
    ways.push(now);
    for (let at = 0; at <= apart; at++) {
      const diagonal = old.length - fresh.length - apart + 2 * at;
      const none = Number.POSITIVE_INFINITY;
      let i = nearer === undefined ? old.length : Math.min((nearer[at] ?? none) - 1, nearer[at - 1] ?? none);
      while (i > 0 && i > diagonal && old[i - 1] === fresh[i - diagonal - 1]) i--;
      now[at] = i;
      if (diagonal === 0 && i <= 0) return ways;
    }
  }
  return null;
}

const context = 2;

/** As people read changes: `@@` with line numbers, then each line with "-", "+" or a blank in front. "" where nothing changed. */
export function unifiedDiff(before: readonly string[], edits: readonly LineEdit[]): string {
  const hunks: LineEdit[][] = [];
  for (const edit of edits) {
    const previous = hunks.at(-1)?.at(-1);
    if (previous && edit.at - (previous.at + previous.removed.length) <= 2 * context) hunks.at(-1)?.push(edit);
    else hunks.push([edit]);
  }
  let shift = 0;
  return hunks
    .map((hunk) => {
      const from = Math.max(0, (hunk[0]?.at ?? 0) - context);
      const final = hunk.at(-1);
      const to = Math.min(before.length, (final ? final.at + final.removed.length : 0) + context);
      const lines: string[] = [];
      let place = from;
      for (const { at, removed, added } of hunk) {
        lines.push(...before.slice(place, at).map((line) => ` ${line}`));
        lines.push(...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`));
        place = at + removed.length;
      }
      lines.push(...before.slice(place, to).map((line) => ` ${line}`));
      const grown = hunk.reduce((sum, { removed, added }) => sum + added.length - removed.length, 0);
      const head = `@@ -${from + 1},${to - from} +${from + 1 + shift},${to - from + grown} @@`;
      shift += grown;
      return [head, ...lines].join("\n");
    })
    .join("\n");
}

/**
 * The edits of `rewritten`, made in `original` instead: the same text, but for blanks and where comments stand. Lines that no
 * edit concerns stay as they are in `original`.
 */
export function editedLike(
  original: readonly string[],
  rewritten: readonly string[],
  edits: readonly LineEdit[],
): string[] {
  const theirs = rewritten.map((line) => [line]);
  const concerned = (from: number, to: number) =>
    edits.some(({ at, removed }) => at < to && (at + removed.length > from || (at > from && removed.length === 0)));
  for (const { at, removed, added } of lineEdits(rewritten, original)) {
    const to = at + removed.length;
    if (removed.length === added.length) for (const [index, line] of added.entries()) theirs[at + index] = [line];
    else if (removed.length > 0 && !concerned(at, to)) theirs.fill([], at, to).splice(at, 1, added);
    // Only `original` has these lines; they stand in front of the next one.
    else if (removed.length === 0 && at < theirs.length) theirs[at] = [...added, ...(theirs[at] ?? [])];
    else if (removed.length === 0) theirs.at(-1)?.push(...added);
  }
  return edits
    .toReversed()
    .reduce((lines, { at, removed, added }) => lines.toSpliced(at, removed.length, added), theirs)
    .flat();
}

/** `before` with the edits made. */
export const edited = (before: readonly string[], edits: readonly LineEdit[]): string[] =>
  edits
    .toReversed()
    .reduce((lines, { at, removed, added }) => lines.toSpliced(at, removed.length, ...added), [...before]);
