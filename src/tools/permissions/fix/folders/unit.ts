import { managedBy } from "../../../../analysis/containers/managed-by.ts";
import type { Subject, Surroundings } from "../../../../analysis/permissions/finding.ts";
import { within } from "../../../../analysis/permissions/paths.ts";
import { dependantsOf, nameOf } from "../../../../analysis/updates/dependants.ts";
import { healthTimeout } from "../../../../analysis/updates/health.ts";
import type { Unit } from "../../../../confirm/define.ts";
import { StewardError } from "../../../../shared/errors.ts";
import type { ContainerInspected } from "../../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../../define.ts";
import { ownersArgs } from "../steps.ts";
import type { ListedTree } from "./list-trees.ts";
import { snapshotFirst, treeSteps } from "./tree-steps.ts";

/** One folder's part of the plan: snapshot, stop who has it mounted, change, start, health. */
export async function unitOf(host: string, tree: ListedTree, around: Surroundings, context: ToolContext) {
  const { plan, root, changes } = tree;
  const { settings, signal } = context;
  const { before, change, ...words } = treeSteps(host, tree, context);
  const { list } = ownersArgs.parse(change.args);
  const having = usersOf(plan.path, around.subjects, settings.ownContainer);
  const running = having.filter(({ State }) => State.Running);
  const power = (container: ContainerInspected) => ({ host, name: nameOf(container), was_running: true });
  const ill = running.filter(isIll);
  const unit: Unit = {
    target: { kind: "folder", host, name: plan.path, identity: { device: root.device, inode: root.inode } },
    basis: {
      list: { ...(await context.systems.files.one(host).system.check(plan.path, list, signal)) },
      containers: having.map((container) => ({
        name: nameOf(container),
        container_id: container.Id,
        running: container.State.Running,
      })),
    },
    changes: words.changes,
    steps: [
      ...before,
      ...running.toReversed().map((container) => ({
        step: "stop_user",
        args: power(container),
        does: `Stop ${nameOf(container)}`,
        undo: `Start ${nameOf(container)} again`,
      })),
      change,
      ...running.flatMap((container) => [
        {
          step: "start_user",
          args: { ...power(container), was_running: false },
          does: `Start ${nameOf(container)}`,
          undo: `Stop ${nameOf(container)}`,
        },
        ...(ill.includes(container) ? [] : [awaiting(host, container, settings.update)]),
      ]),
    ],
    safeguard: snapshotFirst(before) ?? {
      none: `No content is touched, and the plan itself keeps every old owner and mode. No snapshot: ${whyNone(plan.filesystem)}.`,
    },
  };
  return {
    unit,
    entries: changes.length,
    stopped: running.map(nameOf),
    warnings: [
      ...(running.length > 0 ? [`Stopped meanwhile: ${running.map(nameOf).join(", ")}.`] : []),
      ...(ill.length > 0 ? [`Not well before it either, and not waited for: ${ill.map(nameOf).join(", ")}.`] : []),
      ...words.warnings,
    ],
  };
}

/** What is broken anyway does not get well by waiting, and is no reason to take a good change back. */
const isIll = ({ State }: ContainerInspected) => State.Restarting || State.Health?.Status === "unhealthy";

function awaiting(
  host: string,
  container: ContainerInspected,
  { health_timeout_s, settle_s }: ToolContext["settings"]["update"],
): Unit["steps"][number] {
  const timeout_s = healthTimeout(undefined, health_timeout_s, container);
  return {
    step: "await_health",
    args: { host, name: nameOf(container), timeout_s, settle_s },
    does: `Wait up to ${timeout_s} s until ${nameOf(container)} is well`,
    undo: "Nothing to undo",
  };
}

const whyNone = (filesystem: string) =>
  filesystem === "zfs"
    ? "its ZFS is not configured here"
    : `${filesystem.replaceAll(/[^a-z0-9.]/g, "")} has no snapshots`;

/** All that have the folder or a part of it mounted, and who can't go on without them; parents first. */
function usersOf(path: string, subjects: readonly Subject[], own: string | undefined): ContainerInspected[] {
  const all = subjects.map(({ container }) => container).toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  const having = all.filter(({ Mounts }) =>
    Mounts.some(({ Source }) => Source !== undefined && (within(Source, path) || within(path, Source))),
  );
  const dependants = having.flatMap((one) => dependantsOf(nameOf(one), all).map(({ container }) => container));
  const concerned = [...new Set([...having, ...dependants])];
  if (own !== undefined && concerned.some(({ Id }) => Id.startsWith(own)))
    throw new StewardError(
      "refused",
      "Home Steward itself has this folder mounted, and would stop itself.",
      "Run it from outside, or leave that folder.",
    );
  const task = concerned.find(({ Config }) => managedBy(Config.Labels).by === "swarm");
  if (task !== undefined)
    throw new StewardError(
      "unsupported",
      `${nameOf(task)} is a task of a swarm, which starts it again by itself.`,
      "Scale its service to 0 first.",
    );
  return concerned;
}
