import { checkName } from "../../../analysis/snapshots/names.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Lineage, Zfs } from "../../../systems/zfs/port.ts";
import type { ToolContext } from "../../define.ts";
import { findPool } from "../pool-host.ts";

/** What a person wants with the snapshots of one dataset. */
export interface SnapshotWish {
  dataset: string;
  /** Its own name, "daily-1"; of a deletion with * for anything. */
  snapshot?: string | undefined;
  older_than_days?: number | undefined;
  recursive?: boolean | undefined;
  to?: string | undefined;
  tag?: string | undefined;
  host?: string | undefined;
}

/** The dataset that is meant, read whole, and where it is. */
export interface Place {
  host: string;
  zfs: Zfs;
  line: Lineage;
  context: ToolContext;
}

/** Errors: not_found, ambiguous, bad_input, unsupported, and those of the hosts. */
export async function findDataset({ dataset, host }: SnapshotWish, context: ToolContext): Promise<Place> {
  const { zfs: fleet } = context.systems;
  const [pool = ""] = dataset.split("/");
  const among = async () => (await findPool(fleet, pool, undefined, context.signal)).host;
  const { host: at, system: zfs } = fleet.one(host ?? (fleet.hosts.length > 1 ? await among() : undefined));
  checkName("dataset", dataset, zfs.rules);
  return { host: at, zfs, line: await zfs.lineage(dataset, context.signal), context };
}

/** The dataset as it is now; null: it is gone. */
export async function lineageIfAny(zfs: Zfs, dataset: string): Promise<Lineage | null> {
  try {
    return await zfs.lineage(dataset);
  } catch (error) {
    if (error instanceof StewardError && error.code === "not_found") return null;
    throw error;
  }
}

/** Errors: bad_input where it is left out. */
export function snapshotWanted({ dataset, snapshot }: SnapshotWish): string {
  if (snapshot === undefined)
    throw new StewardError("bad_input", "Which snapshot is meant is not said.", "Give its name as snapshot.");
  return snapshot.startsWith(`${dataset}@`) ? snapshot.slice(dataset.length + 1) : snapshot;
}

/** A plan of one unit that touches no bytes. */
export const gently = (
  risk: "reversible" | "disruptive",
  plan: Pick<Proposal, "title" | "warnings" | "undo"> & { unit: Unit },
): Proposal => ({
  title: plan.title,
  risk,
  units: [plan.unit],
  warnings: plan.warnings,
  undo: plan.undo,
  blast: { containers: 0, files: 0, bytes: 0 },
});
