/** The last of `items` that together take at most `max_bytes` as `write` writes them; their order stays. */
export function newestWithin<T>(items: readonly T[], max_bytes: number, write: (item: T) => string): T[] {
  let left = max_bytes;
  let from = items.length;
  for (const item of items.toReversed()) {
    left -= Buffer.byteLength(write(item)) + 1;
    if (left < 0) break;
    from -= 1;
  }
  return items.slice(from);
}
