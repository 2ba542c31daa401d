import type { Assessment } from "./assess.ts";
import type { DiskFacts } from "./decode/decode.ts";

/** What to buy. */
export interface Order {
  at_least_bytes: number | null;
  advice: string;
}

/** A spare for a disk that is worth one; null for the others. */
export function orderAdvice(
  tier: Assessment["tier"],
  size_bytes: number | null,
  media: DiskFacts["media"],
): Order | null {
  if (tier !== "warn" && tier !== "urgent") return null;
  const size = size_bytes === null ? "the same size" : `${(size_bytes / 1e12).toFixed(2).replace(/\.?0+$/, "")} TB`;
  const kind =
    media === "ssd" ? "an SSD of the same class" : media === "hdd" ? "a hard disk with CMR, not SMR" : "a disk";
  const when = tier === "urgent" ? "Order now" : "Have a spare ready";
  // A disk a few sectors smaller is refused by ZFS.
  return { at_least_bytes: size_bytes, advice: `${when}: ${kind}, ${size} or larger, not a byte smaller.` };
}
