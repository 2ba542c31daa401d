import type { Subject, Surroundings } from "../../../../analysis/permissions/finding.ts";
import type { Mendable } from "../../../../analysis/permissions/fix/mend.ts";
import { chooseAccount } from "../../../../analysis/permissions/fix/own-account.ts";
import { eligible } from "../../../../analysis/permissions/fix/own-user.ts";
import type { NewUser } from "../../../../analysis/permissions/fix/rework.ts";
import { listed } from "../../../../analysis/permissions/listed.ts";
import { planTrees } from "../../../../analysis/permissions/trees/plan.ts";
import { nameOf } from "../../../../analysis/updates/dependants.ts";
import type { Unit } from "../../../../confirm/define.ts";
import type { ToolContext } from "../../../define.ts";
import { listTrees } from "../folders/list-trees.ts";
import { treeSteps } from "../folders/tree-steps.ts";
import { accountStep, becomingOf } from "./steps.ts";

type StepSpec = Unit["steps"][number];

/** The user that a container gets, and what goes along with it. */
interface ChosenUser {
  user: NewUser;
  /** The account, where it is a new one, and snapshots of what changes hands. */
  before: StepSpec[];
  /** Its folders, handed over. */
  while_down: StepSpec[];
  changes: string[];
  warnings: string[];
  folders: string[];
  /** Entries of them that change. */
  files: number;
}

/**
 * The user a container gets, the steps that make it and hand its folders over, or why not: the part of a sentence after
 * "because". Folders that others write to as well are left as they are.
 *
 * @param taken numbers that this plan gave away already; the one chosen is added
 * @param mend what else is to be mended in its folders, in the same walk
 */
export async function chooseUser(
  host: string,
  subject: Subject,
  around: Surroundings,
  taken: Set<number>,
  context: ToolContext,
  mend: ReadonlySet<Mendable>,
): Promise<ChosenUser | { why: string }> {
  const can = eligible(subject, around);
  if ("why" in can) return can;
  const { accounts } = around;
  if (accounts === null) return { why: "the accounts of its machine are not known: add shell or truenas to the host" };
  const account = chooseAccount(subject, { ...around, accounts }, taken);
  if (account === null) return { why: "no number from 3000 to 59999 is free" };
  const closed = await closedFolder(host, subject, around, context);
  if (closed !== null) return { why: closed };
  const { uid, gid } = account.id;
  taken.add(uid);
  const hands_over = { from: { uids: can.uids, gid: can.gid }, to: { uid, gid } };
  const wanted = [{ subject, checks: mend, hands_over }];
  const { trees, left_out } = hasFolders(subject)
    ? await listTrees(host, wanted, around, context)
    : { trees: [], left_out: [] };
  const steps = trees.map((tree) => treeSteps(host, tree, context));
  const name = nameOf(subject.container);
  const people = accounts.users.filter((one) => one.uid !== 0 && can.uids.has(one.uid)).map((one) => one.name);
  const user: NewUser = { uid, gid, variables: can.variables };
  const becoming = becomingOf(name, user);
  return {
    user,
    before: [
      ...(account.made ? [accountStep(host, { name: account.name, id: uid }, becoming)] : []),
      ...steps.flatMap(({ before }) => before),
    ],
    while_down: steps.map(({ change }) => ({ ...change, args: { ...change.args, becoming } })),
    changes: [
      `${name} runs as ${account.name} (${uid}), ${account.made ? "a new user" : "which is there already"}`,
      ...steps.flatMap(({ changes }) => changes),
    ],
    warnings: [
      ...can.warnings.map((warning) => `${name}: ${warning}`),
      ...(people.length > 0 && trees.length > 0
        ? [
            `Entries of ${listed(people)} go to ${account.name}: who reaches them as that by a share or a login may not any more.`,
          ]
        : []),
      ...left_out,
      ...steps.flatMap(({ warnings }) => warnings),
    ],
    folders: trees.map(({ plan }) => plan.path),
    files: trees.reduce((sum, { changes }) => sum + changes.length, 0),
  };
}

const hasFolders = ({ container }: Subject): boolean =>
  container.Mounts.some(({ Type }) => Type === "bind" || Type === "volume");

/** A folder that it writes to and that nobody can hand over: it would have lost it. */
async function closedFolder(
  host: string,
  subject: Subject,
  around: Surroundings,
  { systems, signal }: ToolContext,
): Promise<string | null> {
  if (!hasFolders(subject)) return null;
  if (!systems.files.hosts.includes(host)) return "its folders can't be handed over: add shell to the host";
  const { system: files } = systems.files.one(host);
  const machine = { mounts: await files.mounts(signal), takes: files.takes, network: false };
  const name = nameOf(subject.container);
  const closed = planTrees([subject], around, machine).find(
    ({ left_out, viewers }) => left_out !== null && viewers.some((one) => one.container === name && one.writable),
  );
  return closed === undefined ? null : `its folder ${closed.path} can't be handed over: ${closed.left_out}`;
}
