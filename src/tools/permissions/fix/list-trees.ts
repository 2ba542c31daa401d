import type { Subject, Surroundings } from "../../../analysis/permissions/finding.ts";
import { loses, type Mendable, type Mending, mended } from "../../../analysis/permissions/fix/mend.ts";
import { adminsOf, runsAs } from "../../../analysis/permissions/runs-as.ts";
import { planTrees, type TreePlan } from "../../../analysis/permissions/trees/plan.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { EntryChange, FileEntry, Files } from "../../../systems/files/port.ts";
import type { ToolContext } from "../../define.ts";
import { nowhere } from "../../docker/find.ts";
import { ready } from "../ready.ts";

/** One folder with the list of what is to change in it. */
export interface ListedTree {
  plan: TreePlan;
  root: FileEntry;
  changes: EntryChange[];
  /** Left alone because they have further names, perhaps outside of the tree. */
  hard_linked: number;
  /** How many entries a container could use so far and could not any more, by container. */
  losing: ReadonlyMap<string, number>;
}

/** No plan is larger: its bytes are capped, and so is what a person can oversee. */
const mostEntries = 200_000;

/** Walks the folders of the containers asked for and lists what is to change. Folders that can't be walked are named. */
export async function listTrees(
  host: string,
  asked: ReadonlyMap<string, ReadonlySet<Mendable>>,
  around: Surroundings,
  context: ToolContext,
): Promise<{ trees: ListedTree[]; left_out: string[] }> {
  const { system: files } = context.systems.files.one(host);
  const mounts = await files.mounts(context.signal);
  const trees: ListedTree[] = [];
  const left_out: string[] = [];
  for (const [name, checks] of asked) {
    const subject = around.subjects.find(({ container }) => nameOf(container) === name);
    if (subject === undefined) throw nowhere(name, []);
    const mending = mendingOf(subject, checks, around);
    for (const plan of planTrees([subject], around, { mounts, takes: files.takes, network: false })) {
      if (plan.left_out !== null) left_out.push(`Not in this plan: a folder of ${name}, because ${plan.left_out}.`);
      else {
        context.progress(trees.length, trees.length + 1, `Listing a folder of ${name}`);
        await ready(files, plan, context.signal);
        const listed = await list(files, plan, mending, context.signal);
        if (plan.passes.length > 1) left_out.push(`Filesystems mounted inside ${plan.path} are left as they are.`);
        if (listed.changes.length > 0) trees.push(listed);
      }
    }
  }
  return { trees, left_out };
}

/** Errors: unsupported (nobody to give the files to). */
function mendingOf(subject: Subject, checks: ReadonlySet<Mendable>, around: Surroundings): Omit<Mending, "viewer"> {
  const name = nameOf(subject.container);
  const { uid, gid } = runsAs(subject);
  const admins = new Set(adminsOf(around.accounts).keys());
  const gives = checks.has("admin_owned") || checks.has("unreadable");
  if (gives && (uid === null || uid === 0 || admins.has(uid)))
    throw new StewardError(
      "unsupported",
      `${name} has no user of its own that files could be given to.`,
      "Give it one first (user: in compose, or PUID and PGID), then plan this again.",
    );
  return { checks, owner: { uid: uid ?? 0, gid }, admins };
}

async function list(
  files: Files,
  plan: TreePlan,
  mending: Omit<Mending, "viewer">,
  signal: AbortSignal,
): Promise<ListedTree> {
  const viewer = plan.viewers.find(({ container }) => container === plan.owner) ?? {
    container: plan.owner,
    uid: 0,
    gids: null,
    writable: true,
    path: plan.path,
  };
  const others = plan.viewers.filter(({ container }) => container !== plan.owner);
  const changes: EntryChange[] = [];
  const losing = new Map<string, number>();
  let root: FileEntry | undefined;
  let hard_linked = 0;
  for await (const batch of files.walk(plan.path, { signal }))
    for (const entry of batch) {
      root ??= { ...entry, path: Buffer.from(entry.path) };
      const to = mended(entry, { ...mending, viewer });
      if (to === null) continue;
      if (entry.type !== "d" && entry.links > 1) {
        hard_linked += 1;
        continue;
      }
      // A copy: the batch's bytes are used again.
      const change = { entry: { ...entry, path: Buffer.from(entry.path) }, to };
      changes.push(change);
      for (const other of others)
        if (loses(change, other)) losing.set(other.container, (losing.get(other.container) ?? 0) + 1);
      if (changes.length > mostEntries)
        throw new StewardError(
          "refused",
          `More than ${mostEntries} entries would change.`,
          "Mend fewer findings at a time, or a part of the tree by hand.",
        );
    }
  if (root?.type !== "d")
    throw new StewardError("unsupported", "A single file is mounted there, not a folder.", "Change its mode by hand.");
  return { plan, root, changes, hard_linked, losing };
}
