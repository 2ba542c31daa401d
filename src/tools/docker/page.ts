import type { ContainerFacts } from "../../analysis/containers/describe.ts";
import { StewardError } from "../../shared/errors.ts";

const weight = { critical: 0, warning: 1, info: 2 } as const;

/** One page of containers, those with the worst problems first. */
export function pageOf<T extends { host: string; facts: ContainerFacts }>(
  all: readonly T[],
  limit: number,
  cursor?: string,
) {
  const badness = ({ facts }: T) => Math.min(3, ...facts.problems.map(({ severity }) => weight[severity]));
  const key = ({ host, facts }: T) => `${host}/${facts.name}`;
  const ordered = all.toSorted((a, b) => badness(a) - badness(b) || (key(a) < key(b) ? -1 : 1));
  return pageInOrder(ordered, limit, cursor);
}

/** One page of a list. The cursor is the number of those already shown. */
export function pageInOrder<T>(ordered: readonly T[], limit: number, cursor?: string) {
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0)
    throw new StewardError("bad_input", "That is no cursor.", "Use next_cursor of the answer before, or none.");
  const shown = ordered.slice(from, from + limit);
  const next = from + shown.length;
  return { shown, total: ordered.length, ...(next < ordered.length && { next_cursor: String(next) }) };
}
