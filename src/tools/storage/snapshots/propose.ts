import type { SnapshotAction } from "../../../analysis/snapshots/basis.ts";
import type { Proposal } from "../../../confirm/define.ts";
import type { ToolContext } from "../../define.ts";
import { proposeDelete, proposeRollback } from "./destructive.ts";
import { proposeClone, proposeCreate, proposeHold, proposeRelease } from "./gentle.ts";
import { findDataset, type Place, type SnapshotWish } from "./place.ts";

const plans: Readonly<Record<SnapshotAction, (wish: SnapshotWish, place: Place) => Proposal | Promise<Proposal>>> = {
  create: proposeCreate,
  hold: proposeHold,
  release: proposeRelease,
  clone: proposeClone,
  delete: proposeDelete,
  rollback: proposeRollback,
};

/** One plan about the snapshots of one dataset. */
export async function proposeSnapshots(
  { action, ...wish }: SnapshotWish & { action: SnapshotAction },
  context: ToolContext,
): Promise<Proposal> {
  return plans[action](wish, await findDataset(wish, context));
}
