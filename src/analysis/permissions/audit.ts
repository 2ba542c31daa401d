import { nameOf } from "../updates/dependants.ts";
import { catalogue } from "./catalogue.ts";
import { devices } from "./checks/devices.ts";
import { exposure } from "./checks/exposure.ts";
import { identity } from "./checks/identity.ts";
import { mounts } from "./checks/mounts.ts";
import { namespaces } from "./checks/namespaces.ts";
import { privileges } from "./checks/privileges.ts";
import { secrets } from "./checks/secrets.ts";
import { upkeep } from "./checks/upkeep.ts";
import { type Exempted, type Exemption, exempt } from "./exempt.ts";
import type { Check, Finding, Severity, Subject, Surroundings } from "./finding.ts";
import { type RunsAs, runsAs } from "./runs-as.ts";
import { scoreOf } from "./score.ts";
import { type TreeReport, treeFindings } from "./trees/findings.ts";

/** What was found of one container. */
export interface ContainerAudit {
  container: string;
  /** 0 to 100, without what is exempted. */
  score: number;
  runs_as: string;
  /** Worst first. */
  findings: Finding[];
  exempted: Exempted[];
}

const checks: readonly Check[] = [identity, privileges, namespaces, mounts, devices, secrets, exposure, upkeep];
const order: readonly Severity[] = ["critical", "warning", "info"];

/**
 * Everything wrong with one container that can be seen from its definition, its image, its neighbours, and the trees
 * that were walked.
 */
export function auditContainer(
  subject: Subject,
  around: Surroundings,
  exemptions: readonly Exemption[],
  trees: readonly TreeReport[] = [],
): ContainerAudit {
  const container = nameOf(subject.container);
  const all = [...checks.flatMap((check) => check(subject, around)), ...treeFindings(container, trees)]
    .map(
      ({ check, severity, evidence, cis }): Finding => ({
        id: `${container}/${check}`,
        container,
        check,
        severity,
        cis: cis ?? catalogue[check].cis,
        evidence,
        fix: catalogue[check].fix,
      }),
    )
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const { counting, exempted } = exempt(all, exemptions, around.now_ms);
  return { container, score: scoreOf(counting), runs_as: inWords(runsAs(subject)), findings: counting, exempted };
}

function inWords({ uid, gid, name, by, variables }: RunsAs): string {
  const who = uid === null ? `user ${name ?? "?"} of its image` : `uid ${uid}${gid === null ? "" : `, gid ${gid}`}`;
  if (by === "puid" && variables !== null) return `${who} (${variables.uid}; starts as root)`;
  return by === "processes" ? `${who} (starts as root)` : who;
}
