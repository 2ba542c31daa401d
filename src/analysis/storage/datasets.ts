import type { Dataset } from "../../systems/zfs/port.ts";
import type { DatasetSnapshots } from "./snapshots.ts";

/** A dataset with its snapshots. */
export interface DatasetFacts {
  dataset: string;
  type: string;
  used_bytes: number;
  available_bytes: number;
  used_by_snapshots_bytes: number;
  quota_bytes: number | null;
  refquota_bytes: number | null;
  compression: string;
  /** 1.5: what is stored takes two thirds. */
  compress_ratio: number;
  readonly: boolean;
  encrypted: boolean;
  snapshots: number;
  newest_snapshot_age_s: number | null;
  snapshot_due_every_s: number | null;
  /** Who says when one is due. */
  schedule: "task" | "inferred" | null;
  snapshot_overdue: boolean;
}

export function describeDataset(dataset: Dataset, snapshots: DatasetSnapshots | undefined): DatasetFacts {
  const { name, compress_ratio_percent, mountpoint: _, created_at: __, ...facts } = dataset;
  return {
    dataset: name,
    ...facts,
    compress_ratio: compress_ratio_percent / 100,
    snapshots: snapshots?.count ?? 0,
    newest_snapshot_age_s: snapshots?.newest_age_s ?? null,
    snapshot_due_every_s: snapshots?.every_s ?? null,
    schedule: snapshots?.schedule ?? null,
    snapshot_overdue: snapshots?.overdue ?? false,
  };
}

/** Whether a dataset (or the pool itself) is in that pool. */
export const inPool = (name: string, pool: string): boolean => name === pool || name.startsWith(`${pool}/`);
