import { setTimeout as sleep } from "node:timers/promises";
import type { Client, ClientChannel } from "ssh2";
import { limiter } from "../shared/concurrency.ts";
import { StewardError } from "../shared/errors.ts";
import type { SshLink } from "./ssh.ts";

/** sshd's MaxSessions is 10 by default, and it counts a session for some time after that has ended for us. */
export const maxSessions = 8;
/** A session of ours that ends makes room, and is waited for. This long, for the room of one that had ended before. */
const askAgain_ms = 1000;
/** With none of ours open: the last no is believed. */
const patience_ms: readonly number[] = [50, 100, 200, 400, 800, 1600];

/** Commands over one ssh connection, as many at once as sshd has room for; the others wait their turn. */
export interface SshSessions {
  /**
   * Begins a command. `take` gets its channel at once: a short one's output and exit code come in the same packet.
   * A refused session is asked for again until there is room: no command has begun then.
   * Errors: refused, those of {@link SshLink.connected}, unreachable once the connection is lost, the signal's reason.
   */
  exec<T>(line: string, take: (channel: ClientChannel) => T, signal?: AbortSignal): Promise<T>;
}

/** @param silence_ms for sshd to begin a command: it answers that itself, however slow the command is. */
export function sshSessions(link: SshLink, silence_ms: number): SshSessions {
  const turn = limiter(maxSessions);
  let open = 0;
  let begunSoFar = 0;
  let freed = Promise.withResolvers<void>();
  const opened = (channel: ClientChannel) => {
    open += 1;
    begunSoFar += 1;
    return new Promise<void>((resolve) =>
      channel.once("close", () => {
        open -= 1;
        freed.resolve();
        freed = Promise.withResolvers();
        resolve();
      }),
    );
  };

  async function begun<T>(line: string, take: (channel: ClientChannel) => T, signal: AbortSignal): Promise<Begun<T>> {
    for (let refusals = 0, others = 0; ; refusals += 1) {
      const client = await link.connected();
      signal.throwIfAborted();
      const silent = setTimeout(() => link.drop(client), silence_ms);
      const answer = await asked(client, line, (channel) => ({
        closed: opened(channel),
        taken: take(channel),
      })).finally(() => clearTimeout(silent));
      if (!("refused" in answer)) return answer;
      // Where others of ours get in, it is a matter of time.
      if (open > 0 || begunSoFar !== others) refusals = 0;
      others = begunSoFar;
      const wait_ms = open > 0 ? askAgain_ms : patience_ms[refusals];
      if (wait_ms === undefined) throw noRoom(answer.refused);
      await Promise.race([freed.promise, sleep(wait_ms, undefined, { signal })]);
    }
  }

  return {
    exec: (line, take, signal = new AbortController().signal) =>
      new Promise((resolve, reject) => {
        const gone = () => reject(signal.reason);
        if (signal.aborted) return gone();
        signal.addEventListener("abort", gone, { once: true });
        void turn(async () => {
          const { taken, closed } = await begun(line, take, signal);
          resolve(taken);
          // sshd counts a session until its command has ended, also after nobody listens to it any more.
          await closed;
        })
          .catch(reject)
          .finally(() => signal.removeEventListener("abort", gone));
      }),
  };
}

interface Begun<T> {
  taken: T;
  closed: Promise<void>;
}

/** `refused`: sshd opened no session. What fails otherwise is thrown, already explained. */
async function asked<T>(
  client: Client,
  line: string,
  take: (channel: ClientChannel) => T,
): Promise<T | { refused: Error }> {
  let gone = false;
  const onClose = () => {
    gone = true;
  };
  client.once("close", onClose);
  try {
    return await new Promise((resolve, reject) =>
      client.exec(line, (error, channel) => {
        if (error === undefined) return resolve(take(channel));
        // Of a lost connection ssh2 says the same as of a refusal, and only a moment later that it was lost.
        return void setImmediate(() => {
          if (!gone && "reason" in error) return resolve({ refused: error });
          return reject(!gone && /Unable to exec/.test(error.message) ? noCommands(error) : lost(error));
        });
      }),
    );
  } catch (error) {
    // exec throws where the connection was lost a moment ago.
    throw error instanceof StewardError ? error : lost(error);
  } finally {
    client.removeListener("close", onClose);
  }
}

function noRoom(cause: Error): StewardError {
  return new StewardError(
    "refused",
    "The sshd of that machine opens no session for us.",
    "Raise MaxSessions in its sshd_config: 10 is usual, 0 lets no login run anything.",
    { cause },
  );
}

function noCommands(cause: Error): StewardError {
  return new StewardError(
    "refused",
    "The sshd of that machine lets this login run nothing.",
    "Look in its sshd_config and authorized_keys for what restricts this user.",
    { cause },
  );
}

/** The connection went away under what was going over it. */
export function lost(cause?: unknown): StewardError {
  const fix = "Try again: the next call connects anew. Check the machine and its network if that fails.";
  return new StewardError("unreachable", "The ssh connection to that machine was lost.", fix, { cause });
}
