import { checkIdle, checkOffline, judgeLeaf, leafBasis, offlineChange } from "../../../analysis/storage/replace.ts";
import { calledLeaf, leavesOf } from "../../../analysis/storage/vdevs.ts";
import type { Proposal } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import { sayDisk, type World } from "./world.ts";

const advice =
  "Then pull it: compare the serial number on its label first. replace_disk with action replace puts the new one in.";

/** The first of two plans: the old disk leaves the pool, so that its slot can take the new one. */
export function proposeOffline(world: World): Proposal {
  const { host, place, old } = world;
  checkOffline(place);
  const called = calledLeaf(place.leaf);
  return {
    title: `Take disk ${called} of pool ${place.pool.name} on ${host} offline`,
    risk: "disruptive",
    units: [unitOf(world, "offline", [`${sayDisk(called, old)}: ${place.leaf.state} → offline`, offlineChange(place)])],
    warnings: [
      ...(/none more$/.test(offlineChange(place))
        ? ["From then on, and until the new disk is resilvered, the pool is lost with one more disk."]
        : []),
      "Where there is room for both disks, skip this: replacing a disk that still works keeps the redundancy.",
      advice,
    ],
    undo: "Bring it online again, while it is still in its place: only what was written meanwhile is resilvered.",
    blast: { containers: 0, files: 0, bytes: 0 },
  };
}

/** Takes the first plan back. */
export function proposeOnline(world: World): Proposal {
  const { host, place, old } = world;
  const { leaf, pool } = place;
  checkIdle(place);
  const called = calledLeaf(leaf);
  if (leaf.state !== "offline")
    throw new StewardError("nothing_to_do", `${called} is not offline: it is ${leaf.state}.`, "See get_storage.");
  return {
    title: `Bring disk ${called} of pool ${pool.name} on ${host} online`,
    risk: "reversible",
    units: [unitOf(world, "online", [`${sayDisk(called, old)}: offline → online`])],
    warnings: ["What was written meanwhile is resilvered onto it; get_storage follows that."],
    undo: "Take it offline again.",
    blast: { containers: 0, files: 0, bytes: 0 },
  };
}

const words = {
  offline: { does: "Take it offline", undo: "It is brought online again." },
  online: { does: "Bring it online", undo: "It is taken offline again." },
} as const;

function unitOf({ host, place, old }: World, step: "offline" | "online", changes: string[]) {
  const { pool, leaf } = place;
  const called = calledLeaf(leaf);
  return {
    target: {
      kind: "disk",
      host,
      name: called,
      identity: { pool_guid: pool.guid, leaf_guid: leaf.guid, serial: old?.serial ?? null },
    },
    basis: leafBasis(place),
    changes,
    steps: [
      { step, args: { host, pool: pool.name, pool_guid: pool.guid, leaf: leaf.guid, was: leaf.state }, ...words[step] },
    ],
  };
}

/** Where the leaf stands now, by its guid. */
export const standsLeaf = (
  wish: "offline" | "online",
  { leaf, was }: { leaf: string; was: string },
  pool: Parameters<typeof leavesOf>[0] | undefined,
) =>
  judgeLeaf(
    wish,
    was,
    leavesOf(pool ?? []).find(({ guid }) => guid === leaf),
  );
