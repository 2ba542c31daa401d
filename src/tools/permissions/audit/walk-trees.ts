import type { Subject, Surroundings } from "../../../analysis/permissions/finding.ts";
import { adminsOf } from "../../../analysis/permissions/runs-as.ts";
import type { TreeReport } from "../../../analysis/permissions/trees/findings.ts";
import { planTrees, type TreePlan } from "../../../analysis/permissions/trees/plan.ts";
import { type Count, tally } from "../../../analysis/permissions/trees/tally.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Files, MountPoint } from "../../../systems/files/port.ts";
import type { ToolContext } from "../../define.ts";
import { ready } from "../ready.ts";

const progressEvery = 20_000;

/**
 * Walks the folders that `wanted` containers of one machine have mounted, one after the other. A tree that can't be
 * walked is reported with the reason.
 */
export async function walkTrees(
  wanted: readonly Subject[],
  around: Surroundings,
  host: string,
  network: boolean,
  context: ToolContext,
): Promise<TreeReport[]> {
  const opened = await open(host, context);
  if ("why" in opened)
    return planTrees(wanted, around, { mounts: [], takes: () => true, network }).map(({ path, owner }) => {
      return { path, owner, filesystem: "unknown", facts: null, acls: null, nfsv4: false, note: opened.why };
    });
  const { files, mounts } = opened;
  const plans = planTrees(wanted, around, { mounts, takes: files.takes, network });
  const admins = new Set(adminsOf(around.accounts).keys());
  const reports: TreeReport[] = [];
  for (const [done, plan] of plans.entries()) {
    const say = (entries: number) =>
      context.progress(done, plans.length, `${entries} entries of ${plan.owner}'s folder`);
    say(0);
    reports.push(await walkTree(files, plan, admins, say, context.signal));
  }
  return reports;
}

/** That machine's folders and mounts, or why they can't be had. */
async function open(
  host: string,
  { systems, signal }: ToolContext,
): Promise<{ files: Files; mounts: MountPoint[] } | { why: string }> {
  try {
    const { system: files } = systems.files.one(host);
    return { files, mounts: await files.mounts(signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { why: inWords(error) };
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof StewardError)) throw error;
  return `${error.message} ${error.fix}`;
}

async function walkTree(
  files: Files,
  plan: TreePlan,
  admins: ReadonlySet<number>,
  say: (entries: number) => void,
  signal: AbortSignal,
): Promise<TreeReport> {
  const { path, filesystem, owner } = plan;
  const report = { path, filesystem, owner, facts: null, acls: null, nfsv4: plan.acl === "nfsv4" };
  if (plan.left_out !== null) return { ...report, note: plan.left_out };
  try {
    await ready(files, plan, signal);
    const counted = tally(plan.viewers, admins);
    let entries = 0;
    for (const pass of plan.passes)
      for await (const batch of files.walk(pass, { signal })) {
        counted.add(batch);
        const before = Math.floor(entries / progressEvery);
        entries += batch.length;
        if (before < Math.floor(entries / progressEvery)) say(entries);
      }
    return { ...report, facts: counted.facts(), ...(await listsOf(files, plan, signal)) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...report, note: inWords(error) };
  }
}

/** Access lists are a second pass: find knows nothing of them. Without getfacl, or with network mounts inside, they are left out. */
async function listsOf(files: Files, { path, acl, ask_first }: TreePlan, signal: AbortSignal) {
  const none = { acls: null, note: null };
  if (acl !== "posix") return none;
  if (ask_first.length > 0) return { ...none, note: "Access lists were not read: a network mount is inside." };
  const acls: Count = { entries: 0, examples: [] };
  try {
    for await (const { path: entry, grants } of files.accessLists(path, signal)) {
      acls.entries += 1;
      if (acls.examples.length < 3) acls.examples.push(`${entry} (${grants.slice(0, 3).join(" ")})`);
    }
    return { acls, note: null };
  } catch (error) {
    signal.throwIfAborted();
    return { ...none, note: `Access lists were not read. ${inWords(error)}` };
  }
}
