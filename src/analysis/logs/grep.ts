/** The last `limit` items whose text contains `needle`, in any case; all are looked at when there is no needle. */
export function lastMatching<T extends { text: string }>(
  items: readonly T[],
  needle: string | undefined,
  limit: number,
): T[] {
  const wanted = needle?.toLowerCase();
  const found = wanted === undefined ? items : items.filter(({ text }) => text.toLowerCase().includes(wanted));
  return found.slice(-limit);
}
