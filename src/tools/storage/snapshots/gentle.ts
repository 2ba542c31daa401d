import { basisNow, datasetIdentity, type SnapshotBasis } from "../../../analysis/snapshots/basis.ts";
import { named, ownName } from "../../../analysis/snapshots/choose.ts";
import { checkName, stamp } from "../../../analysis/snapshots/names.ts";
import type { Proposal, Target } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { LineSnapshot } from "../../../systems/zfs/port.ts";
import { gently, lineageIfAny, type Place, type SnapshotWish, snapshotWanted } from "./place.ts";

/** The plans that destroy nothing: take, hold, release, clone. */

const targetOf = ({ host, line }: Place, snapshot: LineSnapshot): Target => ({
  kind: "snapshot",
  host,
  name: snapshot.name,
  identity: { ...datasetIdentity(line), snapshot_guid: snapshot.guid },
});

const basisOf = (
  { line }: Place,
  action: SnapshotBasis["action"],
  snapshots: readonly LineSnapshot[],
  makes: SnapshotBasis["makes"] = null,
) =>
  basisNow(
    { action, makes, lost_bytes: 0 },
    line,
    snapshots.map(({ name }) => name),
    0,
  );

export async function proposeCreate(wish: SnapshotWish, place: Place): Promise<Proposal> {
  const { host, zfs, line, context } = place;
  const { dataset, below } = line;
  const own = wish.snapshot === undefined ? `home-steward-${stamp(context.clock.now())}` : snapshotWanted(wish);
  const name = `${dataset}@${own}`;
  checkName("snapshot", name, zfs.rules);
  const recursive = wish.recursive === true && below.length > 0;
  const all = recursive ? await zfs.snapshots({}, context.signal) : line.snapshots;
  const taken = all.find(
    (one) => ownName(one.name) === own && (one.dataset === dataset || below.includes(one.dataset)),
  );
  if (taken !== undefined)
    throw new StewardError("conflict", `There is a snapshot ${taken.name} already.`, "Choose another name.");
  const also = recursive ? ` and of ${below.length} below it` : "";
  return gently("reversible", {
    title: `Take snapshot ${name} on ${host}`,
    unit: {
      target: { kind: "dataset", host, name: dataset, identity: datasetIdentity(line) },
      basis: basisOf(place, "create", [], { name, exists: false }),
      changes: [`${dataset}: snapshot ${own} is taken of it${also}`],
      steps: [
        {
          step: "create",
          args: { host, snapshot: name, recursive },
          does: `Take ${name}${also}`,
          undo: "Delete what was just taken.",
        },
      ],
    },
    warnings: !recursive && below.length > 0 ? [`Datasets below it are not in it (recursive): ${below.length}.`] : [],
    undo: "Delete it again (action delete).",
  });
}

export function proposeHold(wish: SnapshotWish, place: Place): Proposal {
  const { host, zfs, line } = place;
  const snapshot = named(line, snapshotWanted(wish));
  const tag = wish.tag ?? zfs.rules.hold_tag ?? "home-steward";
  checkName("snapshot", snapshot.name, zfs.rules);
  checkName("tag", tag, zfs.rules);
  if (zfs.rules.hold_tag !== null && tag !== zfs.rules.hold_tag)
    throw new StewardError("unsupported", "TrueNAS holds with its own tag only.", "Leave the tag out.");
  if (snapshot.holds.includes(tag))
    throw new StewardError("nothing_to_do", `${snapshot.name} is held with ${tag} already.`, "It stays.");
  return gently("reversible", {
    title: `Hold snapshot ${snapshot.name} on ${host}`,
    unit: {
      target: targetOf(place, snapshot),
      basis: basisOf(place, "hold", [snapshot]),
      changes: [`${snapshot.name}: held with ${tag}, so that nobody can delete it`],
      steps: [
        {
          step: "hold",
          args: { host, snapshot: snapshot.name, tag },
          does: `Hold ${snapshot.name} with ${tag}`,
          undo: "Release it again.",
        },
      ],
    },
    warnings: ["What it keeps takes space until it is released."],
    undo: "Release it (action release).",
  });
}

export function proposeRelease(wish: SnapshotWish, place: Place): Proposal {
  const { host, zfs, line } = place;
  const snapshot = named(line, snapshotWanted(wish));
  const [only, ...others] = snapshot.holds;
  if (only === undefined) throw new StewardError("nothing_to_do", `${snapshot.name} is not held.`, "Nothing keeps it.");
  const tag = wish.tag ?? (others.length === 0 ? only : undefined);
  if (tag === undefined)
    throw new StewardError("bad_input", `${snapshot.name} is held several times.`, "Give the tag of one hold.");
  checkName("snapshot", snapshot.name, zfs.rules);
  checkName("tag", tag, zfs.rules);
  if (!snapshot.holds.includes(tag))
    throw new StewardError("not_found", `${snapshot.name} is not held with ${tag}.`, "Give the tag of its hold.");
  if (zfs.rules.hold_tag !== null && others.length > 0)
    throw new StewardError(
      "conflict",
      `Others hold ${snapshot.name} too, and TrueNAS would let go of all holds at once.`,
      "Release this one with `zfs release` on that machine.",
    );
  return gently("disruptive", {
    title: `Release snapshot ${snapshot.name} on ${host}`,
    unit: {
      target: targetOf(place, snapshot),
      basis: basisOf(place, "release", [snapshot]),
      changes: [`${snapshot.name}: no longer held with ${tag}`],
      steps: [
        {
          step: "release",
          args: { host, snapshot: snapshot.name, tag },
          does: `Release ${snapshot.name} from ${tag}`,
          undo:
            zfs.rules.hold_tag === null || zfs.rules.hold_tag === tag ? "Hold it again." : "Nothing holds it again.",
        },
      ],
    },
    warnings:
      others.length === 0 ? ["From then on whatever deletes old snapshots may delete it: that can't be undone."] : [],
    undo: "Hold it again (action hold), as long as it is there.",
  });
}

export async function proposeClone(wish: SnapshotWish, place: Place): Promise<Proposal> {
  const { host, zfs, line } = place;
  const snapshot = named(line, snapshotWanted(wish));
  const { to } = wish;
  if (to === undefined)
    throw new StewardError("bad_input", "What the clone is to be called is not said.", "Give a new dataset as to.");
  checkName("snapshot", snapshot.name, zfs.rules);
  checkName("dataset", to, zfs.rules);
  const [pool] = line.dataset.split("/");
  const parent = to.slice(0, to.lastIndexOf("/"));
  if (!to.startsWith(`${pool}/`))
    throw new StewardError("bad_input", `A clone lies in the pool of its snapshot, ${pool}.`, `Begin to with ${pool}/`);
  if ((await lineageIfAny(zfs, to)) !== null)
    throw new StewardError("conflict", `There is a dataset ${to} already.`, "Choose another name.");
  if ((await lineageIfAny(zfs, parent)) === null)
    throw new StewardError("not_found", `There is no dataset ${parent} to put it in.`, "Choose another place.");
  return gently("reversible", {
    title: `Clone snapshot ${snapshot.name} on ${host}`,
    unit: {
      target: targetOf(place, snapshot),
      basis: basisOf(place, "clone", [snapshot], { name: to, exists: false }),
      changes: [`${to}: a new dataset with what was in ${snapshot.name}`],
      steps: [
        {
          step: "clone",
          args: { host, snapshot: snapshot.name, to },
          does: `Clone ${snapshot.name} to ${to}`,
          undo: "Remove the clone again.",
        },
      ],
    },
    warnings: [`As long as ${to} is there, ${snapshot.name} can't be deleted.`],
    undo: `Remove ${to} by hand (zfs destroy, without -r) when nobody needs it any more.`,
  });
}
