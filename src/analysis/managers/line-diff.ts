/** A run of lines of `before` that others take the place of. */
export interface LineEdit {
  /** Index of the first line concerned, from 0. */
  at: number;
  removed: string[];
  added: string[];
}

/** The fewest lines to take out and put in that make `after` of `before` (longest common subsequence). */
export function lineEdits(before: readonly string[], after: readonly string[]): LineEdit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [end, last] = [before.length, after.length];
  while (end > start && last > start && before[end - 1] === after[last - 1]) [end, last] = [end - 1, last - 1];
  const [old, fresh] = [before.slice(start, end), after.slice(start, last)];
  const common = commonTails(old, fresh);
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
    const takesOut = j >= fresh.length || (i < old.length && common(i + 1, j) >= common(i, j + 1));
    if (takesOut) open.removed.push(old[i++] ?? "");
    else open.added.push(fresh[j++] ?? "");
  }
  return edits;
}

/** Lengths of the longest common subsequences of what is left from each pair of places on. */
function commonTails(old: readonly string[], fresh: readonly string[]): (i: number, j: number) => number {
  const width = fresh.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      lengths[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
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
