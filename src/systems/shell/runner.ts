import type { Readable } from "node:stream";

/** Starts programs on one machine: what the local shell and the one over ssh have in common. */
export interface Runner {
  /** For messages: "this machine", or the configured address. */
  name: string;
  /** Whether its account is root, which needs no sudo. */
  root: boolean;
  /**
   * `argv[0]` is looked up in {@link environment}'s PATH. After `limit_ms` nobody waits for it any more. `input` is all
   * that its stdin holds.
   * Errors: unreachable, timeout, refused, unsupported, and the signal's reason.
   */
  start(argv: readonly string[], signal: AbortSignal, limit_ms: number, input?: Uint8Array): Promise<Running>;
  close(): Promise<void>;
}

/** A program under way. Both streams have to be read to their end, or it stands still. */
export interface Running {
  stdout: Readable;
  stderr: Readable;
  /** 127: there is no such program, as shells say it. Rejects where the connection was lost, and with the reason of `stop`. */
  exit: Promise<number>;
  /** Ends it, its streams and `exit`, with this reason; does nothing after its end. */
  stop(reason: unknown): void;
}

/** All the environment a program gets: no language but one to parse, and nothing of ours. */
export const environment = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin",
  LC_ALL: "C",
  TZ: "UTC",
} as const;
