/** Lets at most `limit` pieces of work run at once; the others wait their turn, first come first served. */
export function limiter(limit: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next(); // The place is handed on, never free in between.
    }
  };
}

/** Runs `work` for every item, at most `limit` at a time; answers in the order of the items. Rejects with the first failure. */
export function eachLimited<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const turn = limiter(limit);
  return Promise.all(items.map((item) => turn(() => work(item))));
}
