/** Does it with the first call and remembers the answer; a failure is tried again with the next. */
export function once<T>(work: () => Promise<T>): (() => Promise<T>) & { called(): boolean } {
  let answer: Promise<T> | undefined;
  const ask = () => {
    answer ??= work().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
  return Object.assign(ask, { called: () => answer !== undefined });
}
