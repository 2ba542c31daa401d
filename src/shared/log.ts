export const logLevels = ["error", "warn", "info", "debug"] as const;
type LogLevel = (typeof logLevels)[number];

/** Writes to stderr; stdout belongs to the protocol. */
export type Log = Readonly<Record<LogLevel, (message: string) => void>>;

export interface LogOptions {
  level: LogLevel;
  write(line: string): void;
  now(): number;
  /** Takes the configured secrets out. */
  scrub(text: string): string;
}

/** One line an entry: time, level, message. What spans lines is indented, so that no outside text can pose as an entry. */
export function createLog({ level, write, now, scrub }: LogOptions): Log {
  const most = logLevels.indexOf(level);
  const at = (wanted: LogLevel) => (message: string) => {
    if (logLevels.indexOf(wanted) > most) return;
    const text = scrub(message).replaceAll("\n", "\n    ");
    write(`${new Date(now()).toISOString()} ${wanted} ${text}\n`);
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}
