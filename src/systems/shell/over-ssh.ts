import { constants } from "node:os";
import { PassThrough } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { limiter } from "../../shared/concurrency.ts";
import { StewardError } from "../../shared/errors.ts";
import { type SshConnection, sshLink } from "../ssh.ts";
import { quote } from "./quote.ts";
import { environment, type Runner, type Running } from "./runner.ts";

/** sshd's MaxSessions is 10 by default; two are left for the owner's own use of the connection. */
const maxSessions = 8;
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
  const turn = limiter(maxSessions);
  return {
    name: ssh.host,
    root: ssh.user === "root",
    start: (argv, signal, limit_ms) =>
      new Promise((resolve, reject) => {
        const gone = () => reject(signal.reason);
        if (signal.aborted) return gone();
        signal.addEventListener("abort", gone, { once: true });
        void turn(async () => {
          if (signal.aborted) return;
          const client = await link.connected();
          const { running, closed } = await begun(
            client,
            remoteLine(ssh.user === "root" ? limited(argv, limit_ms) : argv),
            () => link.drop(client),
          );
          if (signal.aborted) running.stop(signal.reason);
          resolve(running);
          await closed;
        })
          .catch(reject)
          .finally(() => signal.removeEventListener("abort", gone));
      }),
    async close() {
      link.close();
    },
  };
}

interface Begun {
  running: Running;
  /** sshd counts a session until its command has ended, also after nobody listens to it any more. */
  closed: Promise<void>;
}

async function begun(client: Client, line: string, silent: () => void): Promise<Begun> {
  const timer = setTimeout(silent, deadline_ms);
  let gone = false;
  const onClose = () => {
    gone = true;
  };
  client.once("close", onClose);
  try {
    return await new Promise((resolve, reject) =>
      client.exec(line, (error, channel) => {
        // Of a lost connection ssh2 says the same as of a refusal, and only a moment later that it was lost.
        if (error !== undefined) return void setImmediate(() => reject(gone ? lost(error) : explained(error)));
        // At once: a short command's exit code comes in the same packet.
        const closed = new Promise<void>((done) => channel.once("close", done));
        resolve({ running: runningOn(channel), closed });
      }),
    );
  } catch (error) {
    // exec throws where the connection was lost a moment ago.
    throw error instanceof StewardError ? error : lost(error);
  } finally {
    clearTimeout(timer);
    client.removeListener("close", onClose);
  }
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
      for (const stream of [stdout, stderr]) stream.destroy(cause);
      // What still comes has to be read for the channel to close.
      for (const stream of [channel, channel.stderr]) stream.resume();
    },
  };
}

function signalNumber(name: string | undefined): number {
  const known = Object.entries(constants.signals).find(([signal]) => signal === name);
  return known?.[1] ?? 0;
}

function explained(error: Error): StewardError {
  if ("reason" in error)
    return new StewardError(
      "refused",
      "The sshd of that machine opens no more sessions.",
      "Raise MaxSessions in its sshd_config (10 is usual), or end other uses of that login.",
      { cause: error },
    );
  return /Unable to exec/.test(error.message)
    ? new StewardError(
        "refused",
        "The sshd of that machine lets this login run nothing.",
        "Look in its sshd_config and authorized_keys for what restricts this user.",
        { cause: error },
      )
    : lost(error);
}

function lost(cause?: unknown): StewardError {
  const fix = "Try again: the next call connects anew. Check the machine and its network if that fails.";
  return new StewardError("unreachable", "The ssh connection to that machine was lost.", fix, { cause });
}
