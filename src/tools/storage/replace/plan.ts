import { findLeaf } from "../../../analysis/storage/leaves.ts";
import { judgeReplacement, leafBasis } from "../../../analysis/storage/replace.ts";
import type { Proposal, Standing, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Json } from "../../../shared/json.ts";
import type { Systems, ToolContext } from "../../define.ts";
import { basisOf, proposeReplace } from "./exchange.ts";
import { proposeOffline, proposeOnline, standsLeaf } from "./power.ts";
import { powerArgs, replaceArgs } from "./steps.ts";
import { poolNow, readWorld } from "./world.ts";

interface Wish {
  disk: string;
  action: "offline" | "online" | "replace";
  new_disk?: string | undefined;
  host?: string | undefined;
}

/** A plan of one step on one disk of a pool (docs/decisions/0014). */
export async function proposeDisk(wish: Wish, context: ToolContext): Promise<Proposal> {
  const world = await readWorld(wish, context);
  if (wish.action === "offline") return proposeOffline(world);
  if (wish.action === "online") return proposeOnline(world);
  const { system: smart } = context.systems.smart.one(world.host);
  return proposeReplace(world, wish.new_disk, smart, context.signal);
}

/** Reads again what the plan was made on; null where the pool, its disk or the new disk is gone. */
export async function observe({ steps: [only] }: Unit, { zfs, smart }: Systems): Promise<Json> {
  const { host, pool_guid, leaf } =
    only?.step === "replace" ? replaceArgs.parse(only.args) : powerArgs.parse(only?.args);
  const pool = await poolNow({ zfs }, host, pool_guid);
  if (pool === undefined) return null;
  try {
    const place = findLeaf([pool], leaf);
    if (only?.step !== "replace") return leafBasis(place);
    const { system } = smart.one(host);
    const { disk } = replaceArgs.parse(only.args);
    const next = (await system.disks()).find(({ name }) => name === disk);
    return next === undefined ? null : basisOf(place, next, await system.contents(disk));
  } catch (error) {
    if (error instanceof StewardError && error.code === "not_found") return null;
    throw error;
  }
}

export async function stands({ steps: [only] }: Unit, systems: Systems): Promise<Standing> {
  if (only?.step === "replace") {
    const { host, pool_guid, leaf, disk, device } = replaceArgs.parse(only.args);
    return judgeReplacement({ guid: leaf, disk, device }, await poolNow(systems, host, pool_guid));
  }
  const args = powerArgs.parse(only?.args);
  const pool = await poolNow(systems, args.host, args.pool_guid);
  return standsLeaf(only?.step === "offline" ? "offline" : "online", args, pool?.vdevs);
}
