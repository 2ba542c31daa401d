import type { Severity } from "./finding.ts";

/** What one finding leaves of a container's score. Ours: three critical ones leave less than an eighth. */
const leaves: Readonly<Record<Severity, number>> = { critical: 0.5, warning: 0.85, info: 0.97 };

/**
 * 100 for nothing found, and less with every finding, each taking its share of what is left: so it moves with every one
 * that is mended, however many there are. One decimal.
 */
export function scoreOf(findings: readonly { severity: Severity }[]): number {
  return rounded(100 * findings.reduce((left, { severity }) => left * leaves[severity], 1));
}

/** A home's score: the mean of its containers'. Null without any. */
export function meanScore(scores: readonly number[]): number | null {
  return scores.length === 0 ? null : rounded(scores.reduce((sum, score) => sum + score, 0) / scores.length);
}

const rounded = (score: number) => Math.round(score * 10) / 10;
