import { type Copy, copiesOf, cutOff } from "../../../analysis/snapshots/copies.ts";
import { sayBytes } from "../../../analysis/storage/words.ts";
import type { LineSnapshot, Snapshot } from "../../../systems/zfs/port.ts";
import type { Place } from "./place.ts";

/** Copies of a dataset's snapshots in other datasets, of all hosts. */
export interface Copies {
  copies: readonly Copy[];
  /** Hosts that did not answer. */
  silent: readonly string[];
}

export async function readCopies({ host, line, context }: Place): Promise<Copies> {
  const { systems, signal } = context;
  const answers = await systems.zfs.each(async (zfs) => zfs.snapshots({}, signal));
  const all = answers.flatMap((answer) => (answer.ok ? [{ host: answer.host, snapshots: answer.value }] : []));
  return {
    copies: copiesOf(host, line.dataset, line.snapshots, all),
    silent: answers.flatMap((answer) => (answer.ok ? [] : [answer.host])),
  };
}

/** Whose replication would have to start anew, and who could not be asked. */
export function warnOfCutOff({ line }: Place, { copies, silent }: Copies, remaining: readonly Snapshot[]): string[] {
  return [
    ...cutOff(copies, new Set(remaining.map(({ guid }) => guid))).map(
      ({ host, dataset }) =>
        `${dataset} on ${host} has no snapshot in common with ${line.dataset} then: replicating to it has to start anew.`,
    ),
    ...silent.map((host) => `Whether ${host} has copies can't be told: it does not answer.`),
  ];
}

/** What there is of these snapshots elsewhere. */
export function sayCopies(snapshots: readonly LineSnapshot[], { copies }: Copies): string {
  const of = snapshots.filter(({ guid }) => copies.some((copy) => copy.guid === guid));
  const [newest] = of.toReversed().flatMap(({ guid }) => copies.filter((copy) => copy.guid === guid));
  if (newest === undefined) return "No copy of it is known elsewhere.";
  return `${of.length} of ${snapshots.length} have a copy elsewhere, the newest ${newest.name} on ${newest.host}.`;
}

/** "daily-1, taken 2026-11-22 02:00 UTC, 1.2 GB that only it holds" */
export const saySnapshot = ({ name, created_at, used_bytes }: LineSnapshot): string =>
  `${name}, taken ${sayTime(created_at)}, ${sayBytes(used_bytes)} that only it holds`;

export const sayTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
