import type { Store } from "../store/open.ts";

/**
 * Whether it is this process's turn: several may share a home, and one that comes within the interval of another does
 * nothing. A mark from the future is of a clock that was wrong.
 */
export function claim(store: Store, mark: string, now: number, every_ms: number): boolean {
  return store.transaction(() => {
    const last = store.highest(mark, 0);
    if (last <= now && now - last < every_ms) return false;
    store.setMark(mark, now);
    return true;
  });
}
