import { traceFeatures } from "../../src/analysis/disks/features.ts";
import type { ScoredFeature } from "../../src/analysis/disks/model.ts";
import { edgesReached, type Scale, scalesOf } from "../../src/analysis/disks/scorecard.ts";
import type { Drive } from "./timelines.ts";

/** Every drive's life as stretches, each of one pattern: the set of bins it earns. 68,800 lives share few patterns. */
export interface Lives {
  bins: number;
  patterns: Uint16Array[];
  /** Per drive: when each stretch begins, and its pattern. */
  from: Float64Array[];
  pattern: Int32Array[];
}

/** The bins, numbered through the scorecard, whose points these features earn. */
function earnedBins(scales: readonly Scale[], features: Float64Array): number[] {
  const earned: number[] = [];
  let first = 0;
  for (const scale of scales) {
    const reached = edgesReached(scale, features);
    const [from, to] = scale.below ? [reached, scale.edges.length] : [0, reached];
    for (let edge = from; edge < to; edge += 1) earned.push(first + edge);
    first += scale.edges.length;
  }
  return earned;
}

export function livesOf(drives: readonly Drive[], scorecard: readonly ScoredFeature[]): Lives {
  const scales = scalesOf(scorecard);
  const bins = scales.reduce((count, { edges }) => count + edges.length, 0);
  const ids = new Map<string, number>();
  const lives: Lives = { bins, patterns: [], from: [], pattern: [] };
  for (const drive of drives) {
    const from: number[] = [];
    const pattern: number[] = [];
    for (const stretch of traceFeatures(drive.readings)) {
      const earned = earnedBins(scales, stretch.features);
      const key = String.fromCharCode(...earned);
      const id = ids.get(key) ?? ids.size;
      if (id === lives.patterns.length) {
        ids.set(key, id);
        lives.patterns.push(Uint16Array.from(earned));
      }
      if (pattern.at(-1) === id) continue;
      from.push(stretch.from);
      pattern.push(id);
    }
    lives.from.push(Float64Array.from(from));
    lives.pattern.push(Int32Array.from(pattern));
  }
  return lives;
}

/** Calls `visit(pattern, from, to)` for what of drive `i`'s life lies between two days. */
export function within(
  lives: Lives,
  i: number,
  first: number,
  end: number,
  visit: (pattern: number, from: number, to: number) => void,
): void {
  const from = lives.from[i] ?? new Float64Array();
  for (let s = 0; s < from.length; s += 1) {
    const start = Math.max(first, from[s] ?? 0);
    const stop = Math.min(end, from[s + 1] ?? Number.POSITIVE_INFINITY);
    if (stop > start) visit(lives.pattern[i]?.[s] ?? 0, start, stop);
  }
}

/** The pattern of drive `i` that scored highest between two days, or -1. */
export function worst(lives: Lives, i: number, first: number, end: number, score: Float64Array): number {
  let found = -1;
  let highest = Number.NEGATIVE_INFINITY;
  within(lives, i, first, end, (pattern) => {
    const points = score[pattern] ?? 0;
    if (points > highest) {
      highest = points;
      found = pattern;
    }
  });
  return found;
}
