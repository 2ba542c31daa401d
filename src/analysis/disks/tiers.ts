import { type DiskModel, type Tier, tiers } from "./model.ts";

export interface TierChange {
  from: number;
  tier: Tier;
}

/** The highest tier whose threshold these points reach. */
function reached(rules: DiskModel["tiers"], points: number): number {
  for (let rank = tiers.length - 1; rank > 0; rank -= 1) {
    const tier = tiers[rank];
    if (tier && tier !== "ok" && points >= rules[tier].enter_points) return rank;
  }
  return 0;
}

/**
 * A drive's tiers through time, from its points through time (each holding until the next). Up at once; down only
 * after the drive has stayed below for the tier's calm days, so that a pending sector which comes and goes is one
 * alarm and not twenty.
 */
export function traceTiers(
  rules: DiskModel["tiers"],
  stretches: readonly { from: number; points: number }[],
): TierChange[] {
  const changes: TierChange[] = [];
  let rank = -1;
  // lastAt[r]: until when the drive was last known to deserve tier r or higher.
  const lastAt = tiers.map(() => Number.NEGATIVE_INFINITY);
  const change = (from: number, to: number): void => {
    rank = to;
    const tier = tiers[to];
    if (changes.at(-1)?.from === from) changes.pop();
    if (tier) changes.push({ from, tier });
  };
  for (const [i, { from, points }] of stretches.entries()) {
    const until = stretches[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    const now = reached(rules, points);
    if (now > rank) change(from, now);
    for (let r = 0; r <= now; r += 1) lastAt[r] = until;
    let falls = from;
    while (rank > now) {
      const tier = tiers[rank];
      const calm = tier && tier !== "ok" ? rules[tier].calm_days : 0;
      falls = Math.max(falls, (lastAt[rank] ?? from) + calm);
      if (falls >= until) break;
      change(falls, rank - 1);
    }
  }
  return changes;
}
