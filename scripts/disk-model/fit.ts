/** How often each pattern was seen on drives that failed soon and on drives that did not. Weights need not be whole. */
export interface Tally {
  failed: Float64Array;
  healthy: Float64Array;
}

export interface Weights {
  base: number;
  /** Logits, one per bin, never negative. */
  bins: Float64Array;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const atMost = (limit: number, x: number): number => Math.max(-limit, Math.min(limit, x));

/** Logits of every pattern: the sum of what its bins weigh. */
export function scores(patterns: readonly Uint16Array[], weights: Weights): Float64Array {
  return Float64Array.from(patterns, (pattern) => pattern.reduce((sum, bin) => sum + (weights.bins[bin] ?? 0), 0));
}

/**
 * Logistic regression with weights that are never negative, so that a worse counter can't lower the score. Newton steps
 * along one weight at a time, cut off at zero; `ridge` draws weights to zero. No randomness: the same tally always
 * gives the same weights.
 */
export function fitWeights(
  patterns: readonly Uint16Array[],
  { failed, healthy }: Tally,
  { ridge, rounds, start }: { ridge: number; rounds: number; start: Weights },
): Weights {
  const weights = { base: start.base, bins: Float64Array.from(start.bins) };
  const seen = [...patterns.keys()].filter((i) => (failed[i] ?? 0) + (healthy[i] ?? 0) > 0);
  const members: number[][] = Array.from(weights.bins, () => []);
  for (const i of seen) for (const bin of patterns[i] ?? []) members[bin]?.push(i);
  const logits = scores(patterns, weights).map((x) => x + weights.base);

  const newton = (who: Int32Array, gradient: number, curvature: number): number => {
    let g = gradient;
    let h = curvature + 1e-9;
    for (const i of who) {
      const p = sigmoid(logits[i] ?? 0);
      const all = (failed[i] ?? 0) + (healthy[i] ?? 0);
      g += all * p - (failed[i] ?? 0);
      h += all * p * (1 - p);
    }
    return atMost(1, -g / h);
  };
  const move = (who: Int32Array, by: number): void => {
    for (const i of who) logits[i] = (logits[i] ?? 0) + by;
  };

  const everyone = Int32Array.from(seen);
  const columns = members.map((who) => Int32Array.from(who));
  for (let round = 0; round < rounds; round += 1) {
    let largest = newton(everyone, 0, 0);
    weights.base += largest;
    move(everyone, largest);
    for (const [bin, who] of columns.entries()) {
      const now = weights.bins[bin] ?? 0;
      const next = Math.max(0, now + newton(who, ridge * now, ridge));
      if (next === now) continue;
      weights.bins[bin] = next;
      move(who, next - now);
      largest = Math.max(Math.abs(largest), Math.abs(next - now));
    }
    if (Math.abs(largest) < 2e-3) break;
  }
  return weights;
}
