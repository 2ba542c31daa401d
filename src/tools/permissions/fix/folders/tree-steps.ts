import { z } from "zod";
import { listed } from "../../../../analysis/permissions/listed.ts";
import type { Safeguard, Unit } from "../../../../confirm/define.ts";
import { counted } from "../../../../shared/text.ts";
import type { EntryChange } from "../../../../systems/files/port.ts";
import type { ToolContext } from "../../../define.ts";
import type { ListedTree } from "./list-trees.ts";

type StepSpec = Unit["steps"][number];

/** What a plan does with one listed folder, to be put between whatever stops and starts those who have it mounted. */
export interface TreeSteps {
  /** A snapshot, where the folder lies on a dataset whose machine's ZFS is configured. */
  before: StepSpec[];
  change: StepSpec;
  /** For a person. */
  changes: string[];
  warnings: string[];
}

export function treeSteps(host: string, tree: ListedTree, context: ToolContext): TreeSteps {
  const { plan, root, changes } = tree;
  const snapshot = snapshotName(host, tree, context);
  return {
    before:
      snapshot === null
        ? []
        : [
            {
              step: "snapshot",
              args: { host, snapshot, recursive: false },
              does: `Take the snapshot ${snapshot}`,
              undo: "Destroy that snapshot again",
            },
          ],
    change: {
      step: "set_owners",
      args: { host, tree: plan.path, list: context.systems.files.one(host).system.pack(root, changes) },
      does: `Change owner or mode of exactly ${changes.length} listed entries of ${plan.path}, but for a few that go as their container stops, or of none`,
      undo: "Give each its old owner, group and mode back",
    },
    changes: inWords(plan.path, changes),
    warnings: warningsOf(tree),
  };
}

/** What is saved first, told by the steps themselves: the first snapshot; null where there is none. */
export function snapshotFirst(steps: readonly StepSpec[]): Safeguard | null {
  const step = steps.findIndex((one) => one.step === "snapshot");
  const found = steps[step];
  if (found === undefined) return null;
  const { host, snapshot } = z.object({ host: z.string(), snapshot: z.string() }).parse(found.args);
  return { step, on: { kind: "snapshot", host, name: snapshot, identity: {} } };
}

/** Seconds, since two plans may follow each other; the folder's inode, since two folders of a dataset may be in one. */
function snapshotName(host: string, { plan, root }: ListedTree, { systems, clock }: ToolContext): string | null {
  if (plan.filesystem !== "zfs" || !systems.zfs.hosts.includes(host)) return null;
  const time = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${plan.source}@home-steward-owners-${time}-${root.inode}`;
}

function inWords(path: string, changes: readonly EntryChange[]): string[] {
  const names = (some: readonly EntryChange[]) =>
    listed(
      some.slice(0, 3).map(({ entry }) => entry.path.toString("utf8")),
      3,
      80,
    );
  const part = (what: string, some: readonly EntryChange[]) =>
    some.length === 0
      ? []
      : [`${path}: ${counted(some.length, "entry", "entries")} ${what}, for example ${names(some)}`];
  const owners = new Map<string, EntryChange[]>();
  for (const change of changes) {
    const { entry, to } = change;
    if (entry.uid === to.uid && entry.gid === to.gid) continue;
    const words = `from ${entry.uid}:${entry.gid} to ${to.uid}:${to.gid}`;
    owners.set(words, [...(owners.get(words) ?? []), change]);
  }
  return [
    ...[...owners].flatMap(([words, some]) => part(`with another owner, ${words}`, some)),
    ...part(
      "no longer writable by all",
      changes.filter(({ entry, to }) => (entry.mode & ~to.mode & 0o002) !== 0),
    ),
    ...part(
      "without setuid or setgid",
      changes.filter(({ entry, to }) => (entry.mode & ~to.mode & 0o6000) !== 0),
    ),
    ...part(
      "made readable for the owner",
      changes.filter(({ entry, to }) => (to.mode & ~entry.mode & 0o500) !== 0),
    ),
  ];
}

function warningsOf({ plan, hard_linked, losing }: ListedTree): string[] {
  return [
    ...[...losing].map(
      ([name, entries]) => `${name} could use ${entries} of these entries so far, and can't any more.`,
    ),
    ...(hard_linked > 0
      ? [`${hard_linked} files of ${plan.path} have further names, perhaps outside of it, and are left as they are.`]
      : []),
  ];
}
