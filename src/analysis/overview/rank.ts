/** One problem of the home, whatever area it is from. `what` and `evidence` are our own words and schema-checked names. */
export interface Finding {
  severity: "critical" | "warning" | "info";
  area: string;
  host: string;
  /** Container, disk, pool … */
  subject: string;
  what: string;
  evidence: string;
  /** What to do or look at next, naming the tool. */
  next: string;
  /** ISO 8601; of a host that does not answer. */
  since?: string;
}

const weight = { critical: 0, warning: 1, info: 2 } as const;

/** Worst first; then by area, host and subject, so that the same home reads the same twice. */
export function rank(findings: readonly Finding[]): Finding[] {
  const key = ({ area, host, subject, what }: Finding) => [area, host, subject, what].join("\u0000");
  return findings.toSorted((a, b) => weight[a.severity] - weight[b.severity] || (key(a) < key(b) ? -1 : 1));
}
