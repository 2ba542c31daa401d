/** Signals that end containers in practice, by number (Linux). */
const signals: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL, an instruction this processor does not have",
  6: "SIGABRT, it gave up by itself",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL, killed from outside",
  11: "SIGSEGV, it crashed",
  13: "SIGPIPE",
  15: "SIGTERM, asked to stop",
};

/** What an exit code says (128 + n: ended by signal n; 125–127 are the engine's own), in a few words that don't repeat it. */
export function exitMeaning(code: number, oomKilled: boolean): string {
  if (oomKilled) return "killed because it ran out of memory";
  if (code === 0) return "ended by itself without an error";
  if (code === 125) return "the engine could not start it";
  if (code === 126) return "its command can't be executed";
  if (code === 127) return "its command was not found";
  const signal = signals[code - 128];
  if (code > 128 && signal !== undefined) return `ended by ${signal}`;
  return "ended with an error of its own";
}

/** SIGKILL after a stop is how slow containers end; SIGTERM and SIGINT are an ordinary stop. */
export const stoppedOnPurpose = (code: number): boolean => [0, 130, 137, 143].includes(code);
