import type { SshConnection } from "../ssh.ts";
import type { Commands, SlotsOf } from "./command.ts";
import type { ChangingCommands, ReadingCommands } from "./table.ts";

/**
 * A machine's command line, through a closed table of commands (table.ts): absolute path, fixed flags, typed slots.
 * There is no way to run anything else, and a `Shell<ReadingCommands>` has no word for a command that changes something.
 *
 * Errors (StewardError): bad_input (a slot's value does not fit), unreachable, timeout, refused (not permitted, wrong host
 * key, sudo asks for a password), unsupported (the program is not installed), wrong_answer (the output is too large).
 */
export interface Shell<T extends Commands> {
  /** Runs one command and collects its output. A non-zero exit code is an answer, not an error. */
  run<C extends keyof T & string>(command: C, slots: SlotsOf<T[C]>, options?: RunOptions): Promise<RunResult>;
  /**
   * The same, line by line as it comes, for outputs of any length: the command waits while a line is looked at, and is
   * stopped when the loop is left. Rejects with wrong_answer after the last line where the command ended badly.
   */
  lines<C extends keyof T & string>(command: C, slots: SlotsOf<T[C]>, options?: RunOptions): AsyncIterable<string>;
  /** The same for records that end in NUL, some at a time: bytes, since names on a disk need not be text. */
  records<C extends keyof T & string>(command: C, slots: SlotsOf<T[C]>, options?: RunOptions): AsyncIterable<Buffer[]>;
}

/** One machine's shell. Connects at the first command; hand `changing` to the gate only. */
export interface Shells {
  reading: Shell<ReadingCommands>;
  changing: Shell<ChangingCommands>;
  close(): Promise<void>;
}

/** How to reach a machine's command line (from the configuration, secrets opened). */
export type ShellConnection = { kind: "local" } | { kind: "ssh"; ssh: SshConnection };

export interface RunOptions {
  signal?: AbortSignal;
  /** Milliseconds, waiting for a turn included; the command's own when left out. */
  timeoutMs?: number;
  /** What it reads from its stdin, which is empty when left out. */
  input?: Uint8Array;
}

export interface RunResult {
  stdout: string;
  /** Its first 64 KiB: text from outside, for the log only. */
  stderr: string;
  /** 128 and the signal's number where a signal ended it. */
  code: number;
}
