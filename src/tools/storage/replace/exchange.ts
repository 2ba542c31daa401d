import { checkIdle, checkNewDisk, leafBasis } from "../../../analysis/storage/replace.ts";
import { calledLeaf } from "../../../analysis/storage/vdevs.ts";
import { sayBytes } from "../../../analysis/storage/words.ts";
import type { Proposal } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { JsonObject } from "../../../shared/json.ts";
import type { Contents, Disk, Smart } from "../../../systems/smart/port.ts";
import { leastBytes, sayDisk, type World } from "./world.ts";

/** The second plan, or the only one where there is room for both disks: the new disk takes the old one's place. */
export async function proposeReplace(
  world: World,
  wanted: string | undefined,
  smart: Smart,
  signal: AbortSignal,
): Promise<Proposal> {
  const { host, zfs, pools, disks, place, old } = world;
  const { pool, top, leaf } = place;
  if (wanted === undefined)
    throw new StewardError("bad_input", "Which disk is put in is not said.", "Name new_disk; get_disks lists them.");
  const next = disks.find(({ name, serial }) => name === wanted || serial === wanted);
  if (next === undefined)
    throw new StewardError("not_found", "No disk of that name or serial is there.", "get_disks lists them.");
  checkIdle(place);
  const contents = await smart.contents(next.name, signal);
  checkNewDisk({ name: next.name, size_bytes: next.size_bytes, contents }, pools, leastBytes(world));
  const device = deviceOf(zfs.rules.new_disk_by, next, contents);
  const called = calledLeaf(leaf);
  const oldDisk = sayDisk(called, old);
  return {
    title: `Replace disk ${called} by ${next.name} in pool ${pool.name} on ${host}`,
    risk: "destructive",
    units: [
      {
        target: {
          kind: "disk",
          host,
          name: next.name,
          identity: { serial: next.serial, pool_guid: pool.guid, leaf_guid: leaf.guid },
        },
        basis: basisOf(place, next, contents),
        changes: [
          `${top.name} of ${pool.name}: ${oldDisk} → ${sayDisk(next.name, next)}, ${sayBytes(next.size_bytes ?? 0)}`,
          `whatever is on ${next.name} is overwritten: ${contents.why}`,
        ],
        steps: [
          {
            step: "replace",
            args: { host, pool: pool.name, pool_guid: pool.guid, leaf: leaf.guid, disk: next.name, device },
            does: `Put ${next.name} in the place of ${called} and begin to resilver it`,
            undo: "Nothing takes it back by itself: until it is resilvered, the old disk stays in the pool.",
          },
        ],
        safeguard: {
          none: `${next.name} holds nothing to save (${contents.why}), and the old disk keeps its data until the new one has it.`,
        },
      },
    ],
    warnings: [
      ...(contents.is === "unchecked"
        ? [`See for yourself that nothing on ${next.name} is needed: ${contents.why}.`]
        : []),
      ...(pool.scan?.function === "scrub" && pool.scan.state === "running"
        ? ["The scrub that runs gives way to the resilver."]
        : []),
      "It takes hours to days; get_storage follows the resilver. Until its end the redundancy is as it is now.",
      ...(old === null || leaf.state === "offline"
        ? []
        : [`Leave ${oldDisk} in until the resilver has ended, and pull it only then.`]),
      ...(zfs.rules.wipes_replaced && old !== null
        ? [`TrueNAS wipes the old disk ${called} once it is replaced.`]
        : []),
    ],
    undo: "Not by Home Steward. While it resilvers, zpool detach of the new disk on that machine ends it.",
    blast: { containers: 0, files: 0, bytes: 0 },
  };
}

/** What the plan rests on: the vdev as it was, and that the new disk is still that disk, and as empty. */
export const basisOf = (place: World["place"], { name, serial, size_bytes }: Disk, { is }: Contents): JsonObject => ({
  ...leafBasis(place),
  new_disk: { name, serial, size_bytes, contents: is },
});

function deviceOf(by: "by_id" | "name", { name }: Disk, { by_id }: Contents): string {
  if (by === "name") return name;
  if (by_id !== null) return by_id;
  throw new StewardError(
    "unsupported",
    `${name} has no name in /dev/disk/by-id, and its own may move to another disk.`,
    "Replace it by hand, or through TrueNAS.",
  );
}
