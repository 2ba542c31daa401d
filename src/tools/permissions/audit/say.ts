import { counted } from "../../../shared/text.ts";
import { saySilent } from "../../docker/shapes.ts";
import type { Audit } from "./shapes.ts";

/** The audit in a few lines, the worst first. */
export function sayAudit({ score, counts, findings, minor, next_cursor, reach, trees, silent_hosts }: Audit): string {
  const { containers, critical, warning, info, exempted } = counts;
  return [
    score === null
      ? "No containers were audited."
      : `Score ${score} of 100 over ${counted(containers, "container")}: ${critical} critical, ${counted(warning, "warning")}, ${info} minor${exempted > 0 ? `, ${exempted} exempted` : ""}.`,
    ...saySilent(silent_hosts),
    ...findings.map(
      ({ host, id, severity, cis, evidence, fix }) =>
        `- ${severity}: ${id} on ${host}${cis.length > 0 ? ` (CIS ${cis.join(", ")})` : ""}: ${evidence}. ${fix}`,
    ),
    ...(next_cursor === undefined ? [] : [`More with cursor ${next_cursor}.`]),
    ...(minor ?? []).map(
      ({ check, containers: many, fix }) => `- minor: ${check} in ${counted(many, "container")}. ${fix}`,
    ),
    ...(trees ?? []).map(({ host, path, entries, note }) => {
      const walked = entries === null ? "not walked" : counted(entries, "entry", "entries");
      return `- ${path} on ${host}: ${walked}${note === null ? "" : `: ${note}`}`;
    }),
    ...reach
      .filter(({ everything_by }) => everything_by !== null)
      .map(({ host, container, everything_by }) => `- ${container} on ${host} reaches all data: ${everything_by}.`),
  ].join("\n");
}
