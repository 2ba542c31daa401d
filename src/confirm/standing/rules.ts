import type { GrantLimits, GrantTarget } from "../define-standing.ts";

/** One use as the audit has it. */
export interface Use extends GrantTarget {
  /** ms since 1970 */
  at: number;
  fresh: boolean;
}

/** Why a use has to wait, and until when (ms since 1970); null: until a person does something. */
export interface Wait {
  why: "used_up" | "too_soon" | "stopped";
  until: number | null;
}

const DAY_MS = 86_400_000;
/** A pause that doubles ends somewhere. */
const LONGEST_PAUSE_MS = 6 * 3_600_000;

/** Whether one more use is within the limits: undefined, or what stands against it. `uses` are all of the grant, oldest first. */
export function waitOf(
  limits: GrantLimits,
  uses: readonly Use[],
  { target, fresh, now }: { target: GrantTarget; fresh: boolean; now: number },
): Wait | undefined {
  const mine = uses.filter((use) => sameTarget(use, target));
  const row = fresh ? 0 : rowOf(mine);
  if (row >= limits.stop_after) return { why: "stopped", until: null };
  const today = uses.filter(({ at }) => at > now - DAY_MS);
  const first = today[today.length - limits.max_per_day];
  if (first) return { why: "used_up", until: first.at + DAY_MS };
  const last = mine.at(-1);
  const pause_ms = Math.min(limits.pause_s * 1000 * 2 ** Math.max(0, row - 1), LONGEST_PAUSE_MS);
  if (last && last.at + pause_ms > now) return { why: "too_soon", until: last.at + pause_ms };
  return undefined;
}

/** How many uses are left in the 24 hours up to `now`. */
export const leftToday = ({ max_per_day }: GrantLimits, uses: readonly Use[], now: number): number =>
  Math.max(0, max_per_day - uses.filter(({ at }) => at > now - DAY_MS).length);

/** The targets whose row is full. */
export function stoppedTargets({ stop_after }: GrantLimits, uses: readonly Use[]): GrantTarget[] {
  const targets = uses.filter((use, at) => uses.findIndex((other) => sameTarget(other, use)) === at);
  return targets
    .filter((target) => rowOf(uses.filter((use) => sameTarget(use, target))) >= stop_after)
    .map(({ kind, host, name }) => ({ kind, host, name }));
}

/** How many uses there were since the target's trouble began. */
const rowOf = (mine: readonly Use[]): number =>
  mine.length -
  Math.max(
    0,
    mine.findLastIndex(({ fresh }) => fresh),
  );

export const sameTarget = (one: GrantTarget, other: GrantTarget): boolean =>
  one.kind === other.kind && one.host === other.host && one.name === other.name;
