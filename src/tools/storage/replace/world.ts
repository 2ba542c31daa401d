import { findLeaf, type LeafPlace } from "../../../analysis/storage/leaves.ts";
import { leavesOf } from "../../../analysis/storage/vdevs.ts";
import { StewardError } from "../../../shared/errors.ts";
import { cleanLine } from "../../../shared/text.ts";
import type { Disk } from "../../../systems/smart/port.ts";
import type { Pool, Zfs } from "../../../systems/zfs/port.ts";
import type { Systems, ToolContext } from "../../define.ts";

/** One host with its pools and disks, and the leaf that a plan is about. */
export interface World {
  host: string;
  zfs: Zfs;
  pools: Pool[];
  disks: Disk[];
  place: LeafPlace;
  /** The disk behind the leaf; null where it is gone. */
  old: Disk | null;
}

/** Finds the disk that is meant, by its name or serial number, or by its name or guid in the pool. */
export async function readWorld(
  wish: { disk: string; host?: string | undefined },
  { systems, signal }: Pick<ToolContext, "systems" | "signal">,
): Promise<World> {
  const { host, system: zfs } = systems.zfs.one(wish.host);
  const [pools, disks] = await Promise.all([zfs.pools(signal), systems.smart.one(host).system.disks(signal)]);
  const named = disks.find(({ name, serial }) => name === wish.disk || serial === wish.disk);
  const place = findLeaf(pools, wish.disk, ...(named ? [named.name] : []));
  if (!zfs.rules.spaces && place.pool.name.includes(" "))
    throw new StewardError(
      "unsupported",
      "A name with a space can't be given to sudo safely.",
      "Do it by hand on that machine.",
    );
  return { host, zfs, pools, disks, place, old: disks.find(({ name }) => name === place.leaf.disk) ?? null };
}

/** "sdb (ST4000VN008, serial ZGY1, slot 2:0:1:0)": what is on its label and where it sits. */
export function sayDisk(called: string, disk: Disk | null): string {
  if (disk === null) return called;
  const facts = [
    cleanLine(disk.model, 60),
    ...(disk.serial ? [`serial ${cleanLine(disk.serial, 40)}`] : []),
    ...(disk.slot ? [/^\d/.test(disk.slot) ? `slot ${disk.slot}` : disk.slot] : []),
  ].filter((fact) => fact !== "");
  return facts.length === 0 ? called : `${called} (${facts.join(", ")})`;
}

/** Bytes that a new disk must have: as many as the old one, or as the smallest beside it; null where neither is told. */
export function leastBytes({ disks, place, old }: World): number | null {
  if (old?.size_bytes) return old.size_bytes;
  const beside = leavesOf([place.top]).flatMap(({ disk }) => disks.find(({ name }) => name === disk)?.size_bytes ?? []);
  return beside.length === 0 ? null : Math.min(...beside);
}

export async function poolNow({ zfs }: Pick<Systems, "zfs">, host: string, guid: string): Promise<Pool | undefined> {
  return (await zfs.one(host).system.pools()).find((pool) => pool.guid === guid);
}
