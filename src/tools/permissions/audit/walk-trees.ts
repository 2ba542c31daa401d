import type { Subject, Surroundings } from "../../../analysis/permissions/finding.ts";
import { listed } from "../../../analysis/permissions/listed.ts";
import { below, within } from "../../../analysis/permissions/paths.ts";
import { adminsOf } from "../../../analysis/permissions/runs-as.ts";
import type { TreeReport } from "../../../analysis/permissions/trees/findings.ts";
import { planTrees, type TreePlan } from "../../../analysis/permissions/trees/plan.ts";
import { tally } from "../../../analysis/permissions/trees/tally.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Files, MountPoint } from "../../../systems/files/port.ts";
import type { ToolContext } from "../../define.ts";
import { doesNotAnswer, noLinks, silentMounts } from "../ready.ts";
import { walkPass } from "./walk-pass.ts";

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
      return { path, owner, filesystem: "unknown", facts: null, acls: null, note: opened.why };
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
  const { path, filesystem, owner, passes, with_lists } = plan;
  const report = { path, filesystem, owner, facts: null, acls: null };
  if (plan.left_out !== null) return { ...report, note: plan.left_out };
  try {
    const silent = await silentMounts(files, plan, signal);
    if (silent.some((mount) => within(path, mount))) throw doesNotAnswer();
    await noLinks(files, path, signal);
    const counted = tally(plan.viewers, admins);
    let entries = 0;
    const more = (some: number) => {
      const before = Math.floor(entries / progressEvery);
      entries += some;
      if (before < Math.floor(entries / progressEvery)) say(entries);
    };
    const unread = new Set<string>();
    for (const pass of passes.filter((one) => !silent.some((mount) => within(one, mount)))) {
      const hangs = silent.some((mount) => below(mount, pass));
      const why = await walkPass(files, { path: pass, lists: with_lists.includes(pass), hangs }, counted, more, signal);
      if (why !== null) unread.add(`Access lists were not read. ${why}`);
    }
    const facts = counted.facts();
    const notes = [...silent.map((mount) => `${listed([mount])} does not answer and was left out.`), ...unread];
    return {
      ...report,
      facts,
      acls: with_lists.length > 0 && unread.size === 0 ? facts.lists : null,
      note: notes.length > 0 ? notes.join(" ") : null,
    };
  } catch (error) {
    signal.throwIfAborted();
    return { ...report, note: inWords(error) };
  }
}
