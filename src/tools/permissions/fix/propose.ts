import { within } from "../../../analysis/permissions/paths.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import { counted } from "../../../shared/text.ts";
import type { ToolContext } from "../../define.ts";
import { nowhere } from "../../docker/find.ts";
import { readMachine } from "../read-subjects.ts";
import { type Asked, askedFor, type Wish } from "./asked.ts";
import { type ListedTree, listTrees } from "./folders/list-trees.ts";
import { unitOf } from "./folders/unit.ts";
import type { Remade } from "./remake/remade.ts";
import { remake } from "./remake/remake.ts";
import { type Reworked, reworkOf } from "./rework-of.ts";

/** What a plan has of one machine. */
interface Part {
  units: Unit[];
  folders: number;
  /** Entries of those folders. */
  entries: number;
  /** The containers that are made again. */
  remade: Remade[];
  /** All that are stopped or made again, those that can't go on without them too. */
  touches: number;
  warnings: string[];
}

/**
 * One plan over all containers and folders that the findings are about; what can't be mended is said in its warnings.
 * Errors: unsupported (a finding of another kind), nothing_to_do, not_found, refused.
 */
export async function proposeFix(wish: Wish, context: ToolContext): Promise<Proposal> {
  const asked = await askedFor(wish, context.systems);
  const parts: Part[] = [];
  for (const host of new Set(asked.map((one) => one.host)))
    parts.push(
      await onHost(
        host,
        asked.filter((one) => one.host === host),
        context,
      ),
    );
  const units = parts.flatMap((part) => part.units);
  const warnings = parts.flatMap((part) => part.warnings);
  if (units.length === 0)
    throw new StewardError(
      "nothing_to_do",
      `There is nothing to mend. ${warnings.join(" ")}`.trim(),
      "See audit_permissions.",
    );
  const entries = sum(parts.map((part) => part.entries));
  const handedOver = sum(parts.flatMap(({ remade }) => remade.map(({ files }) => files)));
  return {
    title: titleOf(parts, [...new Set(units.map(({ target }) => target.host))]),
    risk: "destructive",
    units,
    warnings,
    undo:
      "The plan keeps every entry's old owner, group and mode, and puts them back if a step fails or a container does not " +
      "come back; a container that was made again is exchanged for the old one, and accounts and files that were made for it " +
      "go. Later, a snapshot (where there is one) still has the owners.",
    blast: { containers: sum(parts.map(({ touches }) => touches)), files: entries + handedOver, bytes: 0 },
  };
}

async function onHost(host: string, asked: readonly Asked[], context: ToolContext): Promise<Part> {
  const around = await readMachine(context.systems.docker.one(host).system, host, context);
  const taken = new Set<number>();
  const reworked: Reworked[] = [];
  for (const one of asked) {
    const subject = around.subjects.find(({ container }) => nameOf(container) === one.name);
    if (subject === undefined) throw nowhere(one.name, []);
    reworked.push(await reworkOf(one, subject, around, taken, context));
  }
  const wishes = reworked.flatMap(({ subject, mend }) =>
    mend.size === 0 ? [] : [{ subject, checks: mend, hands_over: null }],
  );
  const listed = wishes.length === 0 ? { trees: [], left_out: [] } : await listTrees(host, wishes, around, context);
  const wanted = reworked.flatMap(({ remade }) => (remade === null ? [] : [remade]));
  const containers = around.subjects.map(({ container }) => container);
  const made = await remake(host, wanted, containers, context);
  const handed = made.parts.flatMap(({ of }) => of.flatMap(({ folders }) => folders));
  const { trees, left_out } = apart(listed.trees, handed);
  const folders = [];
  for (const tree of trees) folders.push(await unitOf(host, tree, around, context));
  return {
    // Folders first: a container that is made again finds them mended.
    units: [...folders, ...made.parts].map(({ unit }) => unit),
    folders: folders.length,
    entries: sum(folders.map(({ entries }) => entries)),
    remade: made.parts.flatMap(({ of }) => of),
    touches: new Set(folders.flatMap(({ stopped }) => stopped)).size + sum(made.parts.map(({ touches }) => touches)),
    warnings: [
      ...reworked.flatMap(({ warnings }) => warnings),
      ...listed.left_out,
      ...left_out,
      ...folders.flatMap(({ warnings }) => warnings),
      ...made.left_out,
      ...made.parts.flatMap(({ warnings }) => warnings),
    ],
  };
}

/** Those that no other part of the plan changes: two lists of one entry would make each other stale. */
function apart(listed: readonly ListedTree[], handed: readonly string[]) {
  const trees: ListedTree[] = [];
  const left_out: string[] = [];
  for (const tree of listed) {
    const { path } = tree.plan;
    const taken = [...handed, ...trees.map(({ plan }) => plan.path)];
    const other = taken.find((one) => within(one, path) || within(path, one));
    if (other === undefined) trees.push(tree);
    else left_out.push(`Not in this plan: ${path}, because another part of it changes ${other}: plan it after this.`);
  }
  return { trees, left_out };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function titleOf(parts: readonly Part[], hosts: readonly string[]): string {
  const folders = sum(parts.map((part) => part.folders));
  const entries = sum(parts.map((part) => part.entries));
  const remade = parts.flatMap((part) => part.remade);
  const reworks = remade.map(({ rework }) => rework);
  const what = [
    ...(reworks.some(({ user }) => user !== null) ? ["users"] : []),
    ...(reworks.some(({ secrets }) => secrets.length > 0) ? ["secrets"] : []),
    ...(reworks.some(({ hardening }) => hardening.size > 0) ? ["rights"] : []),
  ];
  const said = [
    ...(folders > 0
      ? [`owners and modes of ${counted(entries, "entry", "entries")} in ${counted(folders, "folder")}`]
      : []),
    ...(remade.length > 0
      ? [`${what.join(", ").replace(/, (?=\w+$)/, " and ")} of ${counted(remade.length, "container")}`]
      : []),
  ];
  return `Fix ${said.join(" and ")} on ${hosts.join(", ")}`;
}
