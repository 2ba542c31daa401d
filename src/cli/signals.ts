/** Aborts with the first SIGINT or SIGTERM; the second ends the process as it always would. */
export function untilSignalled(): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const stop = () => {
    forget();
    controller.abort();
  };
  const forget = () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return { signal: controller.signal, forget };
}
