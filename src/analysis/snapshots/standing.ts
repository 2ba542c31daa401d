import type { Lineage } from "../../systems/zfs/port.ts";
import type { SnapshotBasis } from "./basis.ts";
import { ownName } from "./choose.ts";

interface Verdict {
  is: "after" | "before" | "neither";
  why: string;
}

/** What was read after a plan ran, or was cut off. */
export interface Seen {
  /** Null: there is no dataset of that name. */
  line: Lineage | null;
  /** Of a clone: the dataset that was to be made; null: there is none. */
  clone: Lineage | null;
  /** Of a hold or release: its tag. */
  tag: string;
  /** Of a rollback: the snapshot that is taken once it came through. */
  mark: string;
}

/** Tells from what can be read where a plan about snapshots stands. */
export function judgeSnapshots(saved: SnapshotBasis, seen: Seen): Verdict {
  const { line } = seen;
  if (line === null || line.pool_guid !== saved.pool_guid || line.created_at !== saved.created_at)
    return { is: "neither", why: `There is no such dataset ${saved.dataset} any more.` };
  switch (saved.action) {
    case "create":
      return created(saved, line);
    case "hold":
      return held(saved, line, seen.tag, true);
    case "release":
      return held(saved, line, seen.tag, false);
    case "clone":
      return cloned(saved, seen.clone);
    case "delete":
      return deleted(saved, line);
    case "rollback":
      return rolledBack(saved, line, seen.mark);
  }
}

function created({ makes }: SnapshotBasis, { snapshots }: Lineage): Verdict {
  const there = snapshots.some(({ name }) => name === makes?.name);
  return there
    ? { is: "after", why: `${makes?.name} is there.` }
    : { is: "before", why: `There is no snapshot ${makes?.name}.` };
}

function held({ snapshots: [saved] }: SnapshotBasis, { snapshots }: Lineage, tag: string, wanted: boolean): Verdict {
  const now = snapshots.find(({ guid }) => guid === saved?.guid);
  if (now === undefined) return { is: "neither", why: `${saved?.name} is gone.` };
  const is = now.holds.includes(tag);
  return { is: is === wanted ? "after" : "before", why: `${now.name} is ${is ? "" : "not "}held with ${tag}.` };
}

function cloned({ snapshots: [saved], makes }: SnapshotBasis, clone: Lineage | null): Verdict {
  if (clone === null) return { is: "before", why: `There is no dataset ${makes?.name}.` };
  return clone.origin === saved?.name
    ? { is: "after", why: `${clone.dataset} is a clone of ${saved?.name}.` }
    : { is: "neither", why: `${clone.dataset} is something else.` };
}

function deleted({ dataset, snapshots: saved }: SnapshotBasis, { snapshots }: Lineage): Verdict {
  const left = saved.filter((one) => snapshots.some(({ guid }) => guid === one.guid)).length;
  if (left === saved.length) return { is: "before", why: `All ${left} are there.` };
  const count = `${saved.length - left} of ${saved.length} are deleted`;
  return left === 0
    ? { is: "after", why: `${count}; ${snapshots.length} of ${dataset} remain.` }
    : { is: "neither", why: `${count}.` };
}

/**
 * The dataset's own data tell nothing for sure: programs may write to it at once. So a rollback ends with a snapshot
 * that is taken only after it came through.
 */
function rolledBack(saved: SnapshotBasis, line: Lineage, mark: string): Verdict {
  const [to, ...newer] = saved.snapshots;
  const at = line.snapshots.findIndex(({ guid }) => guid === to?.guid);
  if (at < 0 || to === undefined) return { is: "neither", why: `${to?.name} is gone.` };
  const left = newer.filter((one) => line.snapshots.some(({ guid }) => guid === one.guid)).length;
  if (line.snapshots[at + 1]?.name === mark)
    return { is: "after", why: `It was rolled back to ${to.name}; ${ownName(mark)} was taken right after.` };
  if (newer.length > 0 && left === newer.length) return { is: "before", why: "All newer snapshots are there." };
  const gone = newer.length - left;
  const lost = newer.length > 0 ? `${gone} of ${newer.length} newer snapshots are deleted. ` : "";
  const { written_bytes } = line;
  if (gone === 0 && written_bytes !== null && written_bytes >= saved.lost_bytes)
    return { is: "before", why: `What was written since ${to.name} is there.` };
  return { is: "neither", why: `${lost}Whether the data were rolled back can't be told: look at them.` };
}
