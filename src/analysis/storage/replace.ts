import { StewardError } from "../../shared/errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import { counted } from "../../shared/text.ts";
import type { Pool, Vdev } from "../../systems/zfs/port.ts";
import { isUp, type LeafPlace, leafOf, placesIn, spareDisks } from "./leaves.ts";
import { calledLeaf, leavesOf, mayFail } from "./vdevs.ts";
import { saySpan } from "./words.ts";

/** A running resilver forbids both: the disk that is being written must not lose what it is written from. */
export function checkIdle({ pool, above }: LeafPlace): void {
  const { name, scan, state } = pool;
  if (state !== "online" && state !== "degraded")
    throw new StewardError("conflict", `${name} is not usable now.`, "get_storage says what is wrong with it.");
  if (scan?.function === "resilver" && scan.state === "running")
    throw new StewardError(
      "conflict",
      `${name} is resilvering: ${scan.done_percent} % is done${scan.eta_s === null ? "" : `, about ${saySpan(scan.eta_s)} to go`}.`,
      "Wait until it has ended; get_storage follows it.",
    );
  if (above?.type === "replacing")
    throw new StewardError("conflict", "That disk is being replaced already.", "get_storage follows it.");
}

/**
 * Throws where taking the disk out would cost more than its own share of redundancy.
 * Errors: nothing_to_do, conflict, unsupported.
 */
export function checkOffline(place: LeafPlace): void {
  const { top, leaf } = place;
  checkIdle(place);
  if (leaf.state === "offline")
    throw new StewardError("nothing_to_do", `${calledLeaf(leaf)} is offline already.`, "Put the new disk in.");
  if (top.class === "spare" || top.class === "cache")
    throw new StewardError(
      "unsupported",
      `A ${top.class} disk holds nothing that has to be kept.`,
      "Remove it with zpool remove on that machine.",
    );
  const left = spareDisks(top);
  if (left === null)
    throw new StewardError("unsupported", "How many disks a dRAID may lose is not told.", "Do it by hand.");
  // One that has failed already takes nothing more away.
  if (!isUp(leaf)) return;
  if (left < 1)
    throw new StewardError(
      "conflict",
      mayFail(top) === 0
        ? `The pool is lost without ${calledLeaf(leaf)}: its vdev has no redundancy.`
        : `${top.name} has lost a disk already: without ${calledLeaf(leaf)} the pool would be lost.`,
      "Replace it while it still works: put the new disk in beside it, then plan action replace.",
    );
  const ill = leavesOf([top]).filter((one) => one !== leaf && (one.state !== "online" || errorsOf(one) > 0));
  if (ill.length > 0)
    throw new StewardError(
      "conflict",
      `Other disks of ${top.name} are not well: ${ill.map(calledLeaf).join(", ")}.`,
      "Replace it while it still works: put the new disk in beside it, then plan action replace.",
    );
}

const errorsOf = ({ read_errors, write_errors, checksum_errors }: Vdev): number =>
  read_errors + write_errors + checksum_errors;

/** A disk that is to be put in, as far as that is told. */
export interface NewDisk {
  name: string;
  size_bytes: number | null;
  contents: { is: "blank" | "used" | "unchecked"; why: string };
}

/**
 * Throws where the new disk may not be taken: it is somebody's, holds something, or is smaller.
 *
 * @param least what it must be able to hold, bytes: the old disk, else the smallest beside it; null: ZFS will say
 */
export function checkNewDisk(next: NewDisk, pools: readonly Pool[], least: number | null): void {
  const { name, size_bytes, contents } = next;
  const elsewhere = leafOf(pools, name);
  if (elsewhere !== null)
    throw new StewardError(
      "conflict",
      `${name} is in pool ${elsewhere.pool.name} already${elsewhere.top.class === "spare" ? ", as a spare" : ""}.`,
      "Take a disk that no pool has.",
    );
  if (contents.is === "used")
    throw new StewardError(
      "conflict",
      `${name} is not empty: ${contents.why}.`,
      "If nothing on it is needed, empty it by hand on that machine (wipefs), then plan again.",
    );
  if (size_bytes === null) throw new StewardError("unsupported", `How large ${name} is is not told.`, "See get_disks.");
  if (least !== null && size_bytes < least)
    throw new StewardError(
      "conflict",
      `${name} is smaller than what it would replace: ${size_bytes} of ${least} bytes.`,
      "Take one that is at least as large.",
    );
}

/** "mirror-0 of tank: 1 more disk may fail → none" */
export function offlineChange({ pool, top, leaf }: LeafPlace): string {
  const before = spareDisks(top) ?? 0;
  const after = isUp(leaf) ? before - 1 : before;
  return `${top.name} of ${pool.name}: ${sayDisks(before)} may fail → ${sayDisks(after)}`;
}

const sayDisks = (count: number): string => (count <= 0 ? "none more" : counted(count, "more disk"));

/** What a plan about a leaf rests on: its vdev as it was, disk by disk, and that no resilver ran. */
export function leafBasis({ pool, top, leaf }: LeafPlace): JsonObject {
  return {
    pool_guid: pool.guid,
    leaf: leaf.guid,
    states: Object.fromEntries(leavesOf([top]).map(({ guid, state }) => [guid, state])),
    resilvering: pool.scan?.function === "resilver" && pool.scan.state === "running",
  };
}

/** Where a disk stands that was to be taken out or put back, by the state of its leaf. */
export function judgeLeaf(
  wish: "offline" | "online",
  was: string,
  now: Vdev | undefined,
): { is: "after" | "before" | "neither"; why: string } {
  if (now === undefined) return { is: "neither", why: "The pool has no such disk any more." };
  const why = `${calledLeaf(now)} is ${now.state}.`;
  const done = wish === "offline" ? now.state === "offline" : isUp(now);
  if (now.state === was) return { is: "before", why };
  return { is: done ? "after" : "neither", why };
}

/** By its kernel's name, or by the lasting one it was put in by: kernel names move, and are not known everywhere. */
const isDisk = ({ disk, device }: { disk: string; device: string }, leaf: Vdev): boolean =>
  leaf.disk === disk || leaf.path?.replace(/^.*\//, "").replace(/-part\d+$/, "") === device;

/** Where a replacement stands, by the tree alone: the new disk is in the old one's vdev, or the old one is as it was. */
export function judgeReplacement(
  { guid, ...next }: { guid: string; disk: string; device: string },
  pool: Pool | undefined,
): { is: "after" | "before" | "neither"; why: string } {
  if (pool === undefined) return { is: "neither", why: "There is no such pool any more." };
  const places = [...placesIn(pool)];
  const { disk } = next;
  const fresh = places.find(({ leaf }) => isDisk(next, leaf));
  const old = places.find(({ leaf }) => leaf.guid === guid);
  if (fresh !== undefined && (old === undefined || fresh.top === old.top)) {
    const { scan } = pool;
    const runs = scan?.function === "resilver" && scan.state === "running";
    const how = runs
      ? `resilvering: ${scan.done_percent} % done${scan.eta_s === null ? "" : `, about ${saySpan(scan.eta_s)} to go`}`
      : fresh.leaf.state;
    return { is: "after", why: `${disk} is in ${fresh.top.name} of ${pool.name}, ${how}.` };
  }
  if (old !== undefined && fresh === undefined)
    return { is: "before", why: `${calledLeaf(old.leaf)} is in ${old.top.name} as before, ${disk} is not.` };
  return { is: "neither", why: `Neither the old disk nor ${disk} is in ${pool.name}.` };
}
