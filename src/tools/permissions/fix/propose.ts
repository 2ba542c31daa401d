import type { Mendable } from "../../../analysis/permissions/fix/mend.ts";
import { mendable } from "../../../analysis/permissions/fix/mend.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ToolContext } from "../../define.ts";
import { hostOf } from "../../docker/find.ts";
import { readMachine } from "../read-subjects.ts";
import { listTrees } from "./list-trees.ts";
import { unitOf } from "./unit.ts";

export interface Wish {
  findings: readonly string[];
  host?: string | undefined;
}

/**
 * One plan over all folders that the findings are about. Errors: unsupported (a finding that can't be mended here, or a
 * container without a user of its own), nothing_to_do, not_found, refused.
 */
export async function proposeFix(wish: Wish, context: ToolContext): Promise<Proposal> {
  const asked = askedFor(wish.findings);
  const names = [...asked.keys()];
  const places = await Promise.all(
    names.map(async (name) => ({ name, host: await hostOf(context.systems.docker, name, wish.host) })),
  );
  const units: { unit: Unit; entries: number; stopped: string[]; warnings: string[] }[] = [];
  const notes: string[] = [];
  for (const host of new Set(places.map((place) => place.host))) {
    const here = new Map([...asked].filter(([name]) => places.some((one) => one.host === host && one.name === name)));
    const around = await readMachine(context.systems.docker.one(host).system, host, context);
    const { trees, left_out } = await listTrees(host, here, around, context);
    notes.push(...left_out);
    for (const tree of trees) units.push(await unitOf(host, tree, around, context));
  }
  const hosts = [...new Set(units.map(({ unit }) => unit.target.host))].join(", ");
  if (units.length === 0)
    throw new StewardError(
      "nothing_to_do",
      `There is nothing to mend. ${notes.join(" ")}`.trim(),
      "See audit_permissions with trees.",
    );
  const files = units.reduce((sum, { entries }) => sum + entries, 0);
  return {
    title: `Fix owners and modes of ${files} entries in ${units.length === 1 ? "1 folder" : `${units.length} folders`} on ${hosts}`,
    risk: "destructive",
    units: units.map(({ unit }) => unit),
    warnings: [...units.flatMap(({ warnings }) => warnings), ...notes],
    undo:
      "The plan keeps every entry's old owner, group and mode, and puts them back if a step fails or a container does not " +
      "come back. Later, the snapshot (where there is one) still has them.",
    blast: { containers: new Set(units.flatMap(({ stopped }) => stopped)).size, files, bytes: 0 },
  };
}

/** What is to be mended, by container. Errors: unsupported. */
function askedFor(findings: readonly string[]): Map<string, Set<Mendable>> {
  const asked = new Map<string, Set<Mendable>>();
  for (const finding of findings) {
    const [container = "", check] = finding.split("/");
    const known = mendable.find((one) => one === check);
    if (known === undefined)
      throw new StewardError(
        "unsupported",
        "A finding among these is not one of owners and modes.",
        `This tool mends ${mendable.join(", ")}; what the others need stands in their fix.`,
      );
    asked.set(container, (asked.get(container) ?? new Set()).add(known));
  }
  return asked;
}
