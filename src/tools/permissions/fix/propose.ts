import { type Hardenable, hardenable } from "../../../analysis/permissions/fix/harden.ts";
import { type Mendable, mendable } from "../../../analysis/permissions/fix/mend.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ToolContext } from "../../define.ts";
import { hostOf, nowhere } from "../../docker/find.ts";
import { readMachine } from "../read-subjects.ts";
import { listTrees } from "./folders/list-trees.ts";
import { unitOf } from "./folders/unit.ts";
import { hardenUnit } from "./harden.ts";

export interface Wish {
  findings: readonly string[];
  host?: string | undefined;
}

/** What is to be mended of one container: its folders, and itself. */
interface Asked {
  name: string;
  host: string;
  mend: Set<Mendable>;
  harden: Set<Hardenable>;
}

/**
 * One plan over all containers and folders that the findings are about. Errors: unsupported (a finding that can't be
 * mended here, or a container without a user of its own), nothing_to_do, not_found, refused.
 */
export async function proposeFix(wish: Wish, context: ToolContext): Promise<Proposal> {
  const asked = await askedFor(wish, context);
  const units: Unit[] = [];
  const warnings: string[] = [];
  const touched = new Set<string>();
  let [files, made] = [0, 0];
  // Folders first: a container that is made again finds them mended.
  for (const host of new Set(asked.map((one) => one.host))) {
    const here = asked.filter((one) => one.host === host && one.mend.size > 0);
    if (here.length === 0) continue;
    const around = await readMachine(context.systems.docker.one(host).system, host, context);
    const wishes = here.map(({ name, mend }) => {
      const subject = around.subjects.find(({ container }) => nameOf(container) === name);
      if (subject === undefined) throw nowhere(name, []);
      return { subject, checks: mend, hands_over: null };
    });
    const { trees, left_out } = await listTrees(host, wishes, around, context);
    warnings.push(...left_out);
    for (const tree of trees) {
      const part = await unitOf(host, tree, around, context);
      units.push(part.unit);
      warnings.push(...part.warnings);
      files += part.entries;
      for (const name of part.stopped) touched.add(`${host}/${name}`);
    }
  }
  for (const { host, name, harden } of asked) {
    if (harden.size === 0) continue;
    const part = await hardenUnit(host, name, harden, context);
    if ("why" in part) warnings.push(part.why);
    else {
      units.push(part.unit);
      warnings.push(...part.warnings);
      made += part.touches;
    }
  }
  if (units.length === 0)
    throw new StewardError(
      "nothing_to_do",
      `There is nothing to mend. ${warnings.join(" ")}`.trim(),
      "See audit_permissions.",
    );
  return {
    title: titleOf(units, files),
    risk: "destructive",
    units,
    warnings,
    undo:
      "The plan keeps every entry's old owner, group and mode, and puts them back if a step fails or a container does not " +
      "come back; a container that was made again is exchanged for the old one. Later, a snapshot (where there is one) still has the owners.",
    blast: { containers: touched.size + made, files, bytes: 0 },
  };
}

function titleOf(units: readonly Unit[], files: number): string {
  const folders = units.filter(({ target }) => target.kind === "folder").length;
  const containers = units.length - folders;
  const hosts = [...new Set(units.map(({ target }) => target.host))].join(", ");
  const parts = [
    ...(folders > 0
      ? [`owners and modes of ${files} entries in ${folders === 1 ? "1 folder" : `${folders} folders`}`]
      : []),
    ...(containers > 0 ? [`rights of ${containers === 1 ? "1 container" : `${containers} containers`}`] : []),
  ];
  return `Fix ${parts.join(" and ")} on ${hosts}`;
}

/** Errors: unsupported (a finding of another kind), and those of finding a container. */
async function askedFor({ findings, host }: Wish, { systems }: ToolContext): Promise<Asked[]> {
  const asked = new Map<string, Asked>();
  for (const finding of findings) {
    const [name = "", check] = finding.split("/");
    const mend = mendable.find((one) => one === check);
    const harden = hardenable.find((one) => one === check);
    if (mend === undefined && harden === undefined)
      throw new StewardError(
        "unsupported",
        "A finding among these can't be mended by a plan.",
        `This tool mends ${[...mendable, ...hardenable].join(", ")}; what the others need stands in their fix.`,
      );
    const one = asked.get(name) ?? {
      name,
      host: await hostOf(systems.docker, name, host),
      mend: new Set<Mendable>(),
      harden: new Set<Hardenable>(),
    };
    asked.set(name, one);
    if (mend !== undefined) one.mend.add(mend);
    if (harden !== undefined) one.harden.add(harden);
  }
  return [...asked.values()];
}
