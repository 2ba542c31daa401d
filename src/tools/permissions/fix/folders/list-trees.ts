import type { Subject, Surroundings } from "../../../../analysis/permissions/finding.ts";
import {
  type HandOver,
  loses,
  type Mendable,
  type Mending,
  mended,
  shutOut,
} from "../../../../analysis/permissions/fix/mend.ts";
import { adminsOf, runsAs } from "../../../../analysis/permissions/runs-as.ts";
import { planTrees, type TreePlan } from "../../../../analysis/permissions/trees/plan.ts";
import type { Viewer } from "../../../../analysis/permissions/trees/tally.ts";
import { nameOf } from "../../../../analysis/updates/dependants.ts";
import { StewardError } from "../../../../shared/errors.ts";
import { counted } from "../../../../shared/text.ts";
import type { EntryChange, FileEntry, Files } from "../../../../systems/files/port.ts";
import type { ToolContext } from "../../../define.ts";
import { ready } from "../../ready.ts";

/** One folder with the list of what is to change in it. */
export interface ListedTree {
  plan: TreePlan;
  root: FileEntry;
  changes: EntryChange[];
  /** Left alone because they have further names, perhaps outside of the tree. */
  hard_linked: number;
  /** How many entries a container could use so far and could not any more, by container. */
  losing: ReadonlyMap<string, number>;
  /** How many the container itself can't use any more as its new user. */
  shut_out: number;
}

/** What is wanted of the folders of one container. */
export interface TreeWish {
  subject: Subject;
  checks: ReadonlySet<Mendable>;
  /** Of the folders that it alone may write to; null where it keeps its user. */
  hands_over: HandOver | null;
}

/** No list is longer: a plan's bytes are capped, and so is what a person can oversee. */
const mostEntries = 200_000;

/** Walks the folders of the containers asked for and lists what is to change. Folders that can't be walked are named. */
export async function listTrees(
  host: string,
  wishes: readonly TreeWish[],
  around: Surroundings,
  context: ToolContext,
): Promise<{ trees: ListedTree[]; left_out: string[] }> {
  const { system: files } = context.systems.files.one(host);
  const mounts = await files.mounts(context.signal);
  const trees: ListedTree[] = [];
  const left_out: string[] = [];
  for (const wish of wishes) {
    const name = nameOf(wish.subject.container);
    const mending = mendingOf(wish, around);
    const given_up = [...wish.checks].filter((check) => !mending.checks.has(check));
    if (given_up.length > 0)
      left_out.push(
        `Not in this plan: ${given_up.join(", ")} of ${name}, because it has no user of its own that files could be given to.`,
      );
    if (mending.checks.size === 0 && mending.hands_over === null) continue;
    for (const plan of planTrees([wish.subject], around, { mounts, takes: files.takes, network: false })) {
      if (plan.left_out !== null) left_out.push(`Not in this plan: a folder of ${name}, because ${plan.left_out}.`);
      else {
        context.progress(trees.length, trees.length + 1, `Listing a folder of ${name}`);
        await ready(files, plan, context.signal);
        const listed = await list(files, plan, mending, context.signal);
        if (plan.acl === "nfsv4")
          left_out.push(`Where NFSv4 access lists decide in ${plan.path}, modes are left as they are.`);
        if (plan.passes.length > 1) left_out.push(`Filesystems mounted inside ${plan.path} are left as they are.`);
        if (listed === null)
          left_out.push(`Not in this plan: ${plan.path}, because it is a single file and no folder.`);
        else {
          if (listed.changes.length > 0) trees.push(listed);
          if (listed.shut_out > 0)
            left_out.push(
              `Not for the new user of ${name}, which could use them so far: ${counted(listed.shut_out, "entry", "entries")} of ${plan.path}.`,
            );
        }
      }
    }
  }
  return { trees, left_out };
}

/** Without those that give files away where there is nobody to give them to. */
function mendingOf({ subject, checks, hands_over }: TreeWish, around: Surroundings): Omit<Mending, "viewer"> {
  const admins = new Set(adminsOf(around.accounts).keys());
  if (hands_over !== null) return { checks, owner: hands_over.to, hands_over, admins };
  const { uid, gid } = runsAs(subject);
  if (uid !== null && uid !== 0 && !admins.has(uid)) return { checks, owner: { uid, gid }, hands_over: null, admins };
  const rest = new Set([...checks].filter((check) => check !== "admin_owned" && check !== "unreadable"));
  return { checks: rest, owner: { uid: 0, gid }, hands_over: null, admins };
}

/** Null where it is no folder. */
async function list(
  files: Files,
  plan: TreePlan,
  mending: Omit<Mending, "viewer">,
  signal: AbortSignal,
): Promise<ListedTree | null> {
  const { checks, owner, admins, hands_over: asked } = mending;
  const now = plan.viewers.find(({ container }) => container === plan.owner) ?? {
    container: plan.owner,
    uid: 0,
    gids: null,
    writable: true,
    path: plan.path,
  };
  const others = plan.viewers.filter(({ container }) => container !== plan.owner);
  const viewer = asked === null ? now : becoming(now, asked);
  const hands_over = now.writable && !others.some(({ writable }) => writable) ? asked : null;
  const changes: EntryChange[] = [];
  const losing = new Map<string, number>();
  let root: FileEntry | undefined;
  let [hard_linked, shut_out] = [0, 0];
  // With its list each: what becomes of an entry is judged by that, too.
  for await (const batch of files.accessLists(plan.path, { signal, every: true }))
    for (const { entry, list: its } of batch) {
      root ??= { ...entry, path: Buffer.from(entry.path) };
      const to = mended({ entry, list: its }, { checks, owner, hands_over, viewer, admins });
      const second_name = entry.type !== "d" && entry.links > 1;
      if (asked !== null && shutOut({ entry, to: second_name || to === null ? entry : to, list: its }, now, viewer))
        shut_out += 1;
      if (to === null) continue;
      if (second_name) {
        hard_linked += 1;
        continue;
      }
      // A copy: the batch's bytes are used again.
      const change = { entry: { ...entry, path: Buffer.from(entry.path) }, to };
      changes.push(change);
      for (const other of others)
        if (loses({ ...change, list: its }, other)) losing.set(other.container, (losing.get(other.container) ?? 0) + 1);
      if (changes.length > mostEntries)
        throw new StewardError(
          "refused",
          `More than ${mostEntries} entries would change.`,
          "Mend fewer findings at a time, or a part of the tree by hand.",
        );
    }
  return root?.type !== "d" ? null : { plan, root, changes, hard_linked, losing, shut_out };
}

/** The same container with its new user, and what groups it was given beside its own. */
function becoming(viewer: Viewer, { from, to }: HandOver): Viewer {
  const kept = [...(viewer.gids ?? [])].filter((gid) => gid !== from.gid);
  return { ...viewer, uid: to.uid, gids: new Set([to.gid, ...kept]) };
}
