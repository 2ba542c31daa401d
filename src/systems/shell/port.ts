/**
 * A machine's command line, through a closed table of commands (table.ts): absolute path, fixed flags, typed slots.
 * There is no way to run anything else. `Reads` and `Writes` are the table's command names.
 */
export interface Shell<Command extends string> {
  /**
   * Runs one command and collects its output. Errors (StewardError): unreachable, timeout, refused (not permitted,
   * wrong host key, sudo asks for a password), unsupported (the program is not installed), wrong_answer (output too large).
   * A non-zero exit code is an answer, not an error.
   */
  run(command: Command, slots?: Readonly<Record<string, string>>, options?: RunOptions): Promise<RunResult>;
  /** The same, line by line as it comes, for outputs of any length. Stops the command when the loop is left. */
  lines(command: Command, slots?: Readonly<Record<string, string>>, options?: RunOptions): AsyncIterable<string>;
  close(): Promise<void>;
}

export interface RunOptions {
  signal?: AbortSignal;
  /** Milliseconds; the command's own default when left out. */
  timeoutMs?: number;
}

export interface RunResult {
  stdout: string;
  stderr: string;
  code: number;
}
