import type { Lineage, LineSnapshot } from "../../systems/zfs/port.ts";
import { sayBytes } from "../storage/words.ts";

/** An amount that is lost, and whether it may be more than that. */
export interface Loss {
  bytes: number;
  atLeast: boolean;
}

/**
 * What only these snapshots hold. ZFS is asked (`freed`), because what two of them share belongs to neither alone: the
 * sum of the single amounts, all that TrueNAS tells, is the least it can be.
 */
export function deletionLoss(snapshots: readonly LineSnapshot[], freed: number | null): Loss {
  if (freed !== null) return { bytes: freed, atLeast: false };
  return { bytes: snapshots.reduce((sum, { used_bytes }) => sum + used_bytes, 0), atLeast: snapshots.length > 1 };
}

/**
 * What a rollback throws away: whatever was written after the snapshot and is in a newer one or in the dataset now. Each
 * block counts once, with the first snapshot it is in.
 */
export function rollbackLoss({ snapshots, written_bytes }: Lineage, to: LineSnapshot): Loss {
  const newer = snapshots.filter(({ txg }) => txg > to.txg);
  const told = [...newer.map((one) => one.written_bytes), written_bytes];
  return {
    bytes: told.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
    atLeast: told.includes(null),
  };
}

export const sayLoss = ({ bytes, atLeast }: Loss): string => `${atLeast ? "at least " : ""}${sayBytes(bytes)}`;

/** A dataset in use is written to while a person decides: so much more is still what was approved. */
const tolerated = { share: 0.1, bytes: 64 * 1024 * 1024 };

/** The planned amount while what is lost now is about that; else what it is now. */
export const aboutPlanned = (planned: number, now: number): number =>
  now <= planned + Math.max(planned * tolerated.share, tolerated.bytes) ? planned : now;
