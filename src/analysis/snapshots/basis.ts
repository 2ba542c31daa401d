import { z } from "zod";
import type { JsonObject } from "../../shared/json.ts";
import type { Lineage } from "../../systems/zfs/port.ts";
import { aboutPlanned } from "./loss.ts";

export const snapshotActions = ["create", "hold", "release", "delete", "clone", "rollback"] as const;
export type SnapshotAction = (typeof snapshotActions)[number];

/** What a plan about snapshots was made on. */
export const snapshotBasis = z.object({
  action: z.enum(snapshotActions),
  dataset: z.string(),
  pool_guid: z.string(),
  guid: z.string().nullable(),
  created_at: z.number(),
  /** Those it is about; of a rollback the one to go back to and all newer ones. */
  snapshots: z.array(
    z.object({ name: z.string(), guid: z.string(), holds: z.array(z.string()), clones: z.array(z.string()) }),
  ),
  /** What does not exist yet: the snapshot that is taken, the dataset that is cloned. */
  makes: z.object({ name: z.string(), exists: z.boolean() }).nullable(),
  /** What is lost; a little more in the meantime is still this. */
  lost_bytes: z.number(),
});
export type SnapshotBasis = z.output<typeof snapshotBasis>;

/** How to know a dataset again. */
export const datasetIdentity = ({ pool_guid, guid, created_at }: Lineage): JsonObject => ({
  pool_guid,
  dataset_guid: guid,
  created_at,
});

/** The basis as it is now. `names` are of snapshots that may be gone by now. */
export function basisNow(
  { action, makes, lost_bytes }: Pick<SnapshotBasis, "action" | "makes" | "lost_bytes">,
  line: Lineage,
  names: readonly string[],
  lostNow_bytes: number,
): SnapshotBasis {
  const first = line.snapshots.find(({ name }) => name === names[0]);
  const concerned = line.snapshots.filter(
    ({ name, txg }) => names.includes(name) || (action === "rollback" && first !== undefined && txg > first.txg),
  );
  return {
    action,
    dataset: line.dataset,
    pool_guid: line.pool_guid,
    guid: line.guid,
    created_at: line.created_at,
    snapshots: concerned.map(({ name, guid, holds, clones }) => ({
      name,
      guid,
      holds: holds.toSorted(),
      clones: clones.toSorted(),
    })),
    makes,
    lost_bytes: aboutPlanned(lost_bytes, lostNow_bytes),
  };
}
