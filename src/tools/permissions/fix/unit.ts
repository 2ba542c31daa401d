import { managedBy } from "../../../analysis/containers/managed-by.ts";
import type { Subject, Surroundings } from "../../../analysis/permissions/finding.ts";
import { listed } from "../../../analysis/permissions/listed.ts";
import { within } from "../../../analysis/permissions/paths.ts";
import { dependantsOf, nameOf } from "../../../analysis/updates/dependants.ts";
import type { Safeguard, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { EntryChange } from "../../../systems/files/port.ts";
import type { ToolContext } from "../../define.ts";
import type { ListedTree } from "./list-trees.ts";

/** One folder's part of the plan: snapshot, stop who has it mounted, change, start, health. */
export async function unitOf(host: string, tree: ListedTree, around: Surroundings, context: ToolContext) {
  const { plan, root, changes, hard_linked, losing } = tree;
  const { system: files } = context.systems.files.one(host);
  const { settings, signal } = context;
  const list = files.pack(root, changes);
  const having = usersOf(plan.path, around.subjects, settings.ownContainer);
  const running = having.filter(({ State }) => State.Running);
  const snapshot = snapshotName(host, plan.source, plan.filesystem, context);
  const power = (container: ContainerInspected) => ({ host, name: nameOf(container), was_running: true });
  const health = { timeout_s: settings.update.health_timeout_s, settle_s: settings.update.settle_s };
  const unit: Unit = {
    target: { kind: "folder", host, name: plan.path, identity: { device: root.device, inode: root.inode } },
    basis: {
      list: { ...(await files.check(plan.path, list, signal)) },
      containers: having.map((container) => ({
        name: nameOf(container),
        container_id: container.Id,
        running: container.State.Running,
      })),
    },
    changes: inWords(plan.path, changes),
    steps: [
      ...(snapshot === null
        ? []
        : [
            {
              step: "snapshot",
              args: { host, snapshot, recursive: false },
              does: `Take the snapshot ${snapshot}`,
              undo: "Destroy that snapshot again",
            },
          ]),
      ...running.toReversed().map((container) => ({
        step: "stop_user",
        args: power(container),
        does: `Stop ${nameOf(container)}`,
        undo: `Start ${nameOf(container)} again`,
      })),
      {
        step: "set_owners",
        args: { host, tree: plan.path, list },
        does: `Change owner or mode of exactly ${changes.length} listed entries of ${plan.path}, or of none`,
        undo: "Give each its old owner, group and mode back",
      },
      ...running.flatMap((container) => [
        {
          step: "start_user",
          args: { ...power(container), was_running: false },
          does: `Start ${nameOf(container)}`,
          undo: `Stop ${nameOf(container)}`,
        },
        {
          step: "await_health",
          args: { host, name: nameOf(container), ...health },
          does: `Wait up to ${health.timeout_s} s until ${nameOf(container)} is well`,
          undo: "Nothing to undo",
        },
      ]),
    ],
    safeguard: safeguardOf(host, snapshot, plan.filesystem),
  };
  return {
    unit,
    entries: changes.length,
    stopped: running.map(nameOf),
    warnings: warningsOf(tree, running, hard_linked, losing),
  };
}

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

/** Where the folder lies on a dataset whose machine's ZFS is configured. Seconds, since two plans may follow each other. */
function snapshotName(
  host: string,
  source: string,
  filesystem: string,
  { systems, clock }: ToolContext,
): string | null {
  if (filesystem !== "zfs" || !systems.zfs.hosts.includes(host)) return null;
  return `${source}@home-steward-owners-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}`;
}

function safeguardOf(host: string, snapshot: string | null, filesystem: string): Safeguard {
  if (snapshot !== null) return { step: 0, on: { kind: "snapshot", host, name: snapshot, identity: {} } };
  const why =
    filesystem === "zfs"
      ? "its ZFS is not configured here"
      : `${filesystem.replaceAll(/[^a-z0-9.]/g, "")} has no snapshots`;
  return { none: `No content is touched, and the plan itself keeps every old owner and mode. No snapshot: ${why}.` };
}

function inWords(path: string, changes: readonly EntryChange[]): string[] {
  const names = (some: readonly EntryChange[]) =>
    listed(
      some.slice(0, 3).map(({ entry }) => entry.path.toString("utf8")),
      3,
      80,
    );
  const part = (what: string, some: readonly EntryChange[]) =>
    some.length === 0 ? [] : [`${path}: ${some.length} entries ${what}, for example ${names(some)}`];
  const owners = new Map<string, EntryChange[]>();
  for (const change of changes) {
    const { entry, to } = change;
    if (entry.uid === to.uid && entry.gid === to.gid) continue;
    const words = `from ${entry.uid}:${entry.gid} to ${to.uid}:${to.gid}`;
    owners.set(words, [...(owners.get(words) ?? []), change]);
  }
  return [
    ...[...owners].flatMap(([words, some]) => part(`change owner ${words}`, some)),
    ...part(
      "are no longer writable by all",
      changes.filter(({ entry, to }) => (entry.mode & ~to.mode & 0o002) !== 0),
    ),
    ...part(
      "lose setuid or setgid",
      changes.filter(({ entry, to }) => (entry.mode & ~to.mode & 0o6000) !== 0),
    ),
    ...part(
      "become readable for their owner",
      changes.filter(({ entry, to }) => (to.mode & ~entry.mode & 0o500) !== 0),
    ),
  ];
}

function warningsOf(
  { plan }: ListedTree,
  running: readonly ContainerInspected[],
  hard_linked: number,
  losing: ReadonlyMap<string, number>,
): string[] {
  return [
    ...(running.length > 0 ? [`Stopped meanwhile: ${running.map(nameOf).join(", ")}.`] : []),
    ...[...losing].map(
      ([name, entries]) => `${name} could use ${entries} of these entries so far, and can't any more.`,
    ),
    ...(hard_linked > 0
      ? [`${hard_linked} files of ${plan.path} have further names, perhaps outside of it, and are left as they are.`]
      : []),
  ];
}
