import { auditContainer, type ContainerAudit } from "../../../analysis/permissions/audit.ts";
import { catalogue } from "../../../analysis/permissions/catalogue.ts";
import type { Finding } from "../../../analysis/permissions/finding.ts";
import { type Reach, reach } from "../../../analysis/permissions/reach.ts";
import { meanScore } from "../../../analysis/permissions/score.ts";
import type { TreeReport } from "../../../analysis/permissions/trees/findings.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { ToolContext } from "../../define.ts";
import { nowhere } from "../../docker/find.ts";
import { pageInOrder } from "../../docker/page.ts";
import { silentOf } from "../../docker/shapes.ts";
import { readMachine } from "../read-subjects.ts";
import type { Audit } from "./shapes.ts";
import { walkTrees } from "./walk-trees.ts";

export interface Wish {
  container?: string | undefined;
  host?: string | undefined;
  trees?: boolean | undefined;
  network_mounts?: boolean | undefined;
  detail?: "small" | "full" | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

type Of<T> = T & { host: string };

/** Audits every machine that answers. Errors: not_found (no container of that name), bad_input (cursor). */
export async function auditHomes(wish: Wish, context: ToolContext): Promise<Audit> {
  const answers = await context.systems.docker.each(async (docker, host) => {
    const around = await readMachine(docker, host, context);
    const wanted = (name: string) => wish.container === undefined || name === wish.container;
    const asked = around.subjects.filter(({ container }) => wanted(nameOf(container)));
    const trees = wish.trees ? await walkTrees(asked, around, host, wish.network_mounts === true, context) : undefined;
    return {
      audits: asked.map((subject) => auditContainer(subject, around, context.settings.exemptions ?? [], trees)),
      trees,
      reach: reach(around.subjects.map(({ container }) => container)).filter(({ container }) => wanted(container)),
    };
  }, wish.host);
  // A caller who is gone would see every host as silent.
  context.signal.throwIfAborted();
  const silent_hosts = silentOf(answers);
  const read = answers.flatMap((answer) => (answer.ok ? [{ host: answer.host, ...answer.value }] : []));
  const audits = read.flatMap(({ host, audits: here }) =>
    here.map((audit): Of<ContainerAudit> => ({ host, ...audit })),
  );
  if (wish.container !== undefined && audits.length === 0)
    throw nowhere(
      wish.container,
      silent_hosts.map(({ host }) => host),
    );
  const trees = read.flatMap((one) => (one.trees ?? []).map((tree): Of<TreeReport> => ({ host: one.host, ...tree })));
  const rows = read.flatMap((one) => one.reach.map((row): Of<Reach> => ({ host: one.host, ...row })));
  return { ...answerOf(audits, rows, wish, silent_hosts), ...(wish.trees && { trees: trees.map(treeOf) }) };
}

function answerOf(
  audits: Of<ContainerAudit>[],
  rows: Of<Reach>[],
  wish: Wish,
  silent_hosts: Audit["silent_hosts"],
): Audit {
  const full = wish.detail === "full";
  const all = audits.flatMap(({ host, findings }) => findings.map((finding) => ({ host, ...finding })));
  const minor = all.filter(({ severity }) => severity === "info");
  const named = all.toSorted((a, b) => (`${a.host}/${a.id}` < `${b.host}/${b.id}` ? -1 : 1));
  const worstFirst = ["critical", "warning", "info"].flatMap((one) => named.filter(({ severity }) => severity === one));
  // Of one container everything is of interest.
  const telling = full || wish.container !== undefined;
  const listed = telling ? worstFirst : worstFirst.filter(({ severity }) => severity !== "info");
  const { shown, total: _, ...page } = pageInOrder(listed, wish.limit ?? 40, wish.cursor);
  const exempted = audits.flatMap(({ host, exempted: some }) => some.map((one) => ({ host, ...one })));
  return {
    score: meanScore(audits.map(({ score }) => score)),
    counts: {
      containers: audits.length,
      critical: all.filter(({ severity }) => severity === "critical").length,
      warning: all.filter(({ severity }) => severity === "warning").length,
      info: minor.length,
      exempted: exempted.length,
    },
    findings: shown.map(({ host, id, severity, cis, evidence, fix }) => ({
      host,
      id,
      severity,
      cis: [...cis],
      evidence,
      fix,
    })),
    ...page,
    ...(!telling && { minor: byCheck(minor) }),
    containers: audits
      .map(({ host, container, score, runs_as }) => ({ host, container, score, runs_as }))
      .toSorted((a, b) => a.score - b.score),
    reach: rows
      .filter(({ everything, others }) => everything !== null || (telling && others.length > 0))
      .map(({ host, container, everything, others }) => ({
        host,
        container,
        everything_by: everything,
        ...(telling && { others }),
      })),
    ...(telling && {
      exempted: exempted.map(({ host, id, severity, reason, until }) => ({ host, id, severity, reason, until })),
    }),
    silent_hosts,
  };
}

function treeOf({ host, path, filesystem, facts, acls, note }: Of<TreeReport>): NonNullable<Audit["trees"]>[number] {
  if (facts === null) return { host, path, filesystem, entries: null, note };
  return {
    host,
    path,
    filesystem,
    entries: facts.entries,
    world_writable: facts.world_writable.entries,
    admin_owned: facts.admin_owned.entries,
    setuid: facts.setuid.entries,
    setgid: facts.setgid.entries,
    hard_linked: facts.hard_linked,
    acls: acls?.entries ?? null,
    note,
  };
}

function byCheck(findings: readonly Finding[]): Audit["minor"] {
  const checks = [...new Set(findings.map(({ check }) => check))];
  return checks
    .map((check) => ({
      check,
      containers: findings.filter((finding) => finding.check === check).length,
      cis: [...catalogue[check].cis],
      fix: catalogue[check].fix,
    }))
    .toSorted((a, b) => b.containers - a.containers);
}
