/** One line of the table: what was measured, against what it should be at the most. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** At the most; left out where there is none. */
  target?: number;
}

/** The middle of several runs: one slow run on a busy machine does not move it. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : sorted.slice(middle);
  return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}

/** Runs `measure` so many times, one after the other. */
export async function several<T>(runs: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < runs; run++) results.push(await measure());
  return results;
}

/** How long it takes, in milliseconds of wall time. */
export async function wallMs(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The table, one line a figure; "holds" or "OVER" only where there is a target. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, value, unit, target }) => [
    what,
    `${round(value)} ${unit}`,
    target === undefined ? "" : `≤ ${target} ${unit}`,
    target === undefined ? "" : value <= target ? "holds" : "OVER",
  ]);
  const head = ["", "measured", "target", ""];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const round = (value: number) => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2));
