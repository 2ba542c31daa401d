import type { Finding } from "./finding.ts";

/** What the owner decided to live with. */
export interface Exemption {
  /** "plex/host_network", "plex/*" or "*\/latest_tag": container and check, "*" for any. */
  finding: string;
  reason: string;
  /** Its last day, as YYYY-MM-DD (UTC). */
  until: string;
}

/** A finding that the owner lives with for now. */
export interface Exempted extends Finding {
  reason: string;
  until: string;
}

const day_ms = 86_400_000;

/** Parts findings into those that count and those that are exempted today. `now_ms` in milliseconds since 1970. */
export function exempt(
  findings: readonly Finding[],
  exemptions: readonly Exemption[],
  now_ms: number,
): { counting: Finding[]; exempted: Exempted[] } {
  const valid = exemptions.filter(({ until }) => now_ms < Date.parse(until) + day_ms);
  const counting: Finding[] = [];
  const exempted: Exempted[] = [];
  for (const finding of findings) {
    const by = valid.find((exemption) => covers(exemption.finding, finding));
    if (by === undefined) counting.push(finding);
    else exempted.push({ ...finding, reason: by.reason, until: by.until });
  }
  return { counting, exempted };
}

function covers(pattern: string, { container, check }: Finding): boolean {
  const [name, what] = pattern.split("/");
  return (name === "*" || name === container) && (what === "*" || what === check);
}
