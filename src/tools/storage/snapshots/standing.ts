import { z } from "zod";
import { basisNow, type SnapshotBasis, snapshotBasis } from "../../../analysis/snapshots/basis.ts";
import { deletionLoss, rollbackLoss } from "../../../analysis/snapshots/loss.ts";
import { judgeSnapshots } from "../../../analysis/snapshots/standing.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import type { Json } from "../../../shared/json.ts";
import type { Lineage, Zfs } from "../../../systems/zfs/port.ts";
import type { Systems } from "../../define.ts";
import { lineageIfAny } from "./place.ts";

/** Reads again what the plan was made on. */
export async function observe({ target, basis }: Unit, { zfs }: Systems): Promise<Json> {
  const { system } = zfs.one(target.host);
  const saved = snapshotBasis.parse(basis);
  const line = await lineageIfAny(system, saved.dataset);
  if (line === null) return null;
  const names = saved.snapshots.map(({ name }) => name);
  const makes = saved.makes && { ...saved.makes, exists: await exists(system, line, saved) };
  return basisNow({ ...saved, makes }, line, names, await lostNow(system, line, saved));
}

async function exists(zfs: Zfs, line: Lineage, { action, makes }: SnapshotBasis): Promise<boolean> {
  if (makes === null) return false;
  if (action === "clone") return (await lineageIfAny(zfs, makes.name)) !== null;
  return line.snapshots.some(({ name }) => name === makes.name);
}

async function lostNow(zfs: Zfs, line: Lineage, { action, snapshots }: SnapshotBasis): Promise<number> {
  const there = line.snapshots.filter(({ name }) => snapshots.some((one) => one.name === name));
  const [first] = there;
  if (first === undefined) return 0;
  if (action === "rollback") return rollbackLoss(line, first).bytes;
  if (action !== "delete") return 0;
  return deletionLoss(there, await zfs.wouldFree(there.map(({ name }) => name))).bytes;
}

const words = z.object({ tag: z.string().optional(), snapshot: z.string(), to: z.string().optional() });

export async function stands({ target, basis, steps }: Unit, { zfs }: Systems): Promise<Standing> {
  const { system } = zfs.one(target.host);
  const saved = snapshotBasis.parse(basis);
  const last = words.parse(steps.at(-1)?.args);
  return judgeSnapshots(saved, {
    line: await lineageIfAny(system, saved.dataset),
    clone: last.to === undefined ? null : await lineageIfAny(system, last.to),
    tag: last.tag ?? "",
    mark: last.snapshot,
  });
}
