import { constants } from "node:os";
import { PassThrough } from "node:stream";
import type { ClientChannel } from "ssh2";
import { type SshConnection, sshLink } from "../ssh.ts";
import { lost, sshSessions } from "../ssh-sessions.ts";
import { quote } from "./quote.ts";
import { environment, type Runner, type Running } from "./runner.ts";

/** For logging in, and for sshd to begin a command: it answers that itself, however slow the command is. */
const deadline_ms = 15_000;

/** `env` ends the login shell's say: whatever that shell sets, a program gets what {@link environment} says. */
const cleared = ["/usr/bin/env", "-i", ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];

/** The line that sshd is asked to run. */
export const remoteLine = (argv: readonly string[]): string => quote([...cleared, ...argv]);

/** sshd passes no signal on to a login as root: what writes nothing, and so misses no reader, ends a moment after its deadline. */
const limited = (argv: readonly string[], limit_ms: number) => [
  "/usr/bin/timeout",
  `${Math.ceil(limit_ms / 1000) + 1}`,
  ...argv,
];

/** A machine's programs over one ssh connection, which is made at the first one and again after a loss. */
export function sshRunner(ssh: SshConnection): Runner {
  const link = sshLink(ssh, deadline_ms);
  const sessions = sshSessions(link, deadline_ms);
  return {
    name: ssh.host,
    root: ssh.user === "root",
    // Async: what can't be quoted rejects like all else.
    start: async (argv, signal, limit_ms, input) =>
      sessions.exec(
        remoteLine(ssh.user === "root" ? limited(argv, limit_ms) : argv),
        (channel) => {
          const running = runningOn(channel);
          if (input !== undefined) channel.end(input);
          if (signal.aborted) running.stop(signal.reason);
          return running;
        },
        signal,
      ),
    async close() {
      link.close();
    },
  };
}

function runningOn(channel: ClientChannel): Running {
  const { promise: exit, resolve, reject } = Promise.withResolvers<number>();
  // It may be stopped before anybody listens.
  exit.catch(() => {});
  channel.once("exit", (code: number | null, name?: string) => resolve(code ?? 128 + signalNumber(name)));
  channel.once("close", () => reject(lost()));
  channel.on("error", () => {});
  // A channel can't be destroyed: it would wait for a command that never says that it ended.
  const stdout = channel.pipe(new PassThrough());
  const stderr = channel.stderr.pipe(new PassThrough());
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  return {
    stdout,
    stderr,
    exit,
    stop(reason) {
      reject(reason);
      // The signal is for a program that writes nothing; one behind sudo gets none, and ends at its closed pipes.
      channel.signal("TERM");
      channel.close();
      const cause = reason instanceof Error ? reason : new Error("It was stopped.", { cause: reason });
      // What still comes has to be read for the channel to close. A stream that is destroyed first would pause it.
      channel.unpipe().resume();
      channel.stderr.unpipe().resume();
      for (const stream of [stdout, stderr]) stream.destroy(cause);
    },
  };
}

function signalNumber(name: string | undefined): number {
  const known = Object.entries(constants.signals).find(([signal]) => signal === name);
  return known?.[1] ?? 0;
}
