import { fitsWildcard } from "../../shared/wildcard.ts";

/** A line above which traffic is worth a word: container name with `*` for anything, and bits (not bytes) per second. */
export interface AlertLine {
  container: string;
  bits_per_s: number;
}

/** Whether `name` fits a pattern whose `*` stands for anything; upper and lower case are the same. */
export const fits = (pattern: string, name: string): boolean => fitsWildcard(pattern.toLowerCase(), name.toLowerCase());

/** The lowest line that a container's traffic (both directions together, bytes per second) is above; null for none. */
export function lineCrossed(name: string, bytes_per_s: number, lines: readonly AlertLine[]): AlertLine | null {
  const crossed = lines.filter((line) => fits(line.container, name) && bytes_per_s * 8 > line.bits_per_s);
  return crossed.toSorted((a, b) => a.bits_per_s - b.bits_per_s)[0] ?? null;
}
