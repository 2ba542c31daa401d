import { basisNow, datasetIdentity } from "../../../analysis/snapshots/basis.ts";
import { choose, mostAtOnce, named, ownName, whyNot } from "../../../analysis/snapshots/choose.ts";
import { deletionLoss, rollbackLoss, sayLoss } from "../../../analysis/snapshots/loss.ts";
import { checkName, stamp } from "../../../analysis/snapshots/names.ts";
import { sayBytes } from "../../../analysis/storage/words.ts";
import type { Proposal } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { LineSnapshot } from "../../../systems/zfs/port.ts";
import { readCopies, sayCopies, saySnapshot, sayTime, warnOfCutOff } from "./copies.ts";
import { type Place, type SnapshotWish, snapshotWanted } from "./place.ts";

/** The plans that destroy: delete and roll back. docs/decisions/0020 says why a rollback saves nothing first. */

const deletes = (host: string, { name, guid }: LineSnapshot) => ({
  step: "delete",
  args: { host, snapshot: name, guid },
  does: `Delete ${name}`,
  undo: "A deleted snapshot can't be brought back.",
});

export async function proposeDelete(wish: SnapshotWish, place: Place): Promise<Proposal> {
  const { host, zfs, line, context } = place;
  const { dataset } = line;
  const pattern = snapshotWanted(wish);
  const { snapshots, left, more } = choose(line, { ...wish, pattern }, context.clock.now());
  for (const { name } of snapshots) checkName("snapshot", name, zfs.rules);
  const names = snapshots.map(({ name }) => name);
  const loss = deletionLoss(snapshots, await zfs.wouldFree(names, context.signal));
  const copies = await readCopies(place);
  const remaining = line.snapshots.filter(({ name }) => !names.includes(name));
  const newest = remaining.at(-1);
  const stays =
    newest === undefined
      ? `No snapshot of ${dataset} remains.`
      : `${remaining.length} of ${dataset} remain, the newest ${ownName(newest.name)} of ${sayTime(newest.created_at)}.`;
  const [first, ...others] = snapshots;
  const single = first !== undefined && others.length === 0 ? first : undefined;
  return {
    title: single
      ? `Delete snapshot ${single.name} on ${host}`
      : `Delete ${snapshots.length} snapshots of ${dataset} on ${host}`,
    risk: "destructive",
    units: [
      {
        target: {
          kind: single ? "snapshot" : "dataset",
          host,
          name: single?.name ?? dataset,
          identity: { ...datasetIdentity(line), ...(single && { snapshot_guid: single.guid }) },
        },
        basis: basisNow({ action: "delete", makes: null, lost_bytes: loss.bytes }, line, names, loss.bytes),
        changes: [
          `${dataset}: ${snapshots.length} of ${line.snapshots.length} snapshots deleted; ${sayLoss(loss)} that only they hold is lost`,
          ...snapshots.map(saySnapshot),
        ],
        steps: snapshots.map((snapshot) => deletes(host, snapshot)),
        safeguard: {
          none: `What is deleted is a backup itself: a snapshot can't be kept by another one. ${stays} ${sayCopies(snapshots, copies)}`,
        },
      },
    ],
    warnings: [
      ...(newest === undefined ? [stays] : []),
      ...warnOfCutOff(place, copies, remaining),
      ...left.map(({ snapshot, why }) => `Not in this plan: ${snapshot.name}, because ${why}.`),
      ...(more > 0 ? [`${more} more are meant: plan again after these.`] : []),
    ],
    undo: "It can't be undone: a deleted snapshot is gone for good.",
    blast: { containers: 0, files: 0, bytes: loss.bytes },
  };
}

export async function proposeRollback(wish: SnapshotWish, place: Place): Promise<Proposal> {
  const { host, zfs, line, context } = place;
  const { dataset } = line;
  const to = named(line, snapshotWanted(wish));
  checkName("snapshot", to.name, zfs.rules);
  const newer = line.snapshots.filter(({ txg }) => txg > to.txg);
  checkRollback(place, to, newer);
  const loss = rollbackLoss(line, to);
  if (loss.bytes === 0 && !loss.atLeast && newer.length === 0)
    throw new StewardError("nothing_to_do", `Nothing was written to ${dataset} since then.`, "It is as it was.");
  const copies = await readCopies(place);
  const mark = `${dataset}@home-steward-rolled-back-${stamp(context.clock.now())}`;
  return {
    title: `Roll ${dataset} on ${host} back to ${ownName(to.name)}`,
    risk: "destructive",
    units: [
      {
        target: { kind: "dataset", host, name: dataset, identity: datasetIdentity(line) },
        basis: basisNow({ action: "rollback", makes: null, lost_bytes: loss.bytes }, line, [to.name], loss.bytes),
        changes: [
          `${dataset}: as it was at ${sayTime(to.created_at)} (${ownName(to.name)}); ${sayLoss(loss)} written since then is lost`,
          ...newer.map((snapshot) => `deleted: ${saySnapshot(snapshot)}`),
        ],
        steps: [
          ...newer.toReversed().map((snapshot) => deletes(host, snapshot)),
          {
            step: "rollback",
            args: { host, snapshot: to.name, guid: to.guid },
            does: `Roll ${dataset} back to ${ownName(to.name)}`,
            undo: "What a rollback throws away can't be brought back.",
          },
          {
            step: "mark",
            args: { host, snapshot: mark },
            does: `Take ${ownName(mark)}, by which it can be told later that the rollback came through`,
            undo: "Delete that one again.",
          },
        ],
        safeguard: {
          none:
            "ZFS can keep nothing of what a rollback throws away: a snapshot or clone of it stands in its way. " +
            `To lose nothing, clone ${ownName(to.name)} instead (action clone). Of the newer ones: ${sayCopies(newer, copies)}`,
        },
      },
    ],
    warnings: [
      "Whatever uses it sees its files change under it: stop that first, start it again after.",
      ...(loss.atLeast
        ? [
            `TrueNAS does not tell what was written since the newest snapshot: at most ${sayBytes(line.referenced_bytes)}.`,
          ]
        : []),
      ...(line.below.length > 0 ? [`Datasets below it stay as they are: ${line.below.length}.`] : []),
      ...warnOfCutOff(
        place,
        copies,
        line.snapshots.filter(({ txg }) => txg <= to.txg),
      ),
    ],
    undo: "It can't be undone: what was written since then is gone for good.",
    blast: { containers: 0, files: 0, bytes: loss.bytes },
  };
}

/** Nothing is destroyed before it is sure that all of it can be. Errors: conflict, unsupported. */
function checkRollback({ zfs, line }: Place, to: LineSnapshot, newer: readonly LineSnapshot[]): void {
  const mark = line.bookmarks?.find(({ txg }) => txg > to.txg);
  if (mark !== undefined)
    throw new StewardError(
      "conflict",
      `${line.dataset} can't be rolled back: the bookmark ${mark.name} is newer, by which a replication knows how far it came.`,
      "Remove it by hand (zfs destroy) if that replication may start anew, or clone the older snapshot instead.",
    );
  const [kept] = newer.flatMap((snapshot) => whyNot(snapshot).map((why) => ({ name: snapshot.name, why })));
  if (kept !== undefined)
    throw new StewardError(
      "conflict",
      `${line.dataset} can't be rolled back: ${kept.name} is newer and would have to go, but ${kept.why}.`,
      "Release its hold or look after its clone first, or clone the older snapshot instead.",
    );
  if (newer.length > mostAtOnce)
    throw new StewardError(
      "conflict",
      `${newer.length} newer snapshots would have to go, more than a person can look through.`,
      "Delete some of them first, or clone the older snapshot instead.",
    );
  for (const { name } of newer) checkName("snapshot", name, zfs.rules);
}
