import type { Clock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import { speaksJsonRpc, targetOf } from "./dial.ts";
import { Unanswered } from "./failures.ts";
import { jsonRpc, legacy } from "./framing.ts";
import { login } from "./login.ts";
import type { TrueNasConnection } from "./port.ts";
import { type CallOptions, openSession, type Session } from "./session.ts";

/** How long things may take. Milliseconds. */
export interface Deadlines {
  /** Each step of connecting: TLS, versions, upgrade, login. */
  connect_ms: number;
  /** A reading call; ten thousand snapshots take a slow machine a while. */
  read_ms: number;
  change_ms: number;
}

/** Whatever takes calls. One whose answer is lost is not sent again: it may have run. */
export interface Caller {
  call(method: string, params: readonly Json[], options: CallOptions): Promise<Json>;
}

/** The one connection to a TrueNAS: made at the first call and again after a loss, never once a call. */
export interface Link extends Caller {
  /** The logged-in session there is, or a new one. Waits out a short back-off. Errors: as login and openSession. */
  session(signal?: AbortSignal): Promise<Session>;
  close(): void;
}

/** Its web server cuts sockets that were idle for 60 s. */
const pingEvery_ms = 30_000;
const firstWait_ms = 500;
/** Unauthenticated calls are limited to 20 a minute and address. */
const longestWait_ms = 30_000;

export function openLink(
  connection: TrueNasConnection,
  { clock, random, deadlines }: { clock: Clock; random: () => number; deadlines: Deadlines },
): Link {
  const closed = new AbortController();
  let current: Promise<Session> | undefined;
  let failure: { error: unknown; times: number; until: number } | null = null;

  async function connected(): Promise<Session> {
    closed.signal.throwIfAborted();
    const target = targetOf(connection);
    const deadline_ms = deadlines.connect_ms;
    // Asked anew each time: the machine may come back from an update.
    const framing = (await speaksJsonRpc(target, deadline_ms)) ? jsonRpc : legacy;
    const session = await openSession(target, framing, { clock, deadline_ms });
    try {
      await login(session, connection, { jsonRpc: framing === jsonRpc, deadline_ms });
      closed.signal.throwIfAborted();
    } catch (error) {
      session.end();
      throw error;
    }
    closed.signal.addEventListener("abort", () => session.end(), { once: true, signal: session.ended });
    void stayAwake(session);
    return session;
  }

  async function stayAwake(session: Session): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(pingEvery_ms, session.ended);
        await session.call("core.ping", [], { deadline_ms: deadlines.connect_ms });
      }
    } catch (error) {
      // A key of 24.x may not be allowed to ping; that answer kept the socket awake just as well.
      if (error instanceof Unanswered || session.ended.aborted) session.end();
      else void stayAwake(session);
    }
  }

  /** A connection that breaks soon after its login counts as a failure: it must not be tried again in a circle. */
  function failed(error: unknown, lived_ms: number): void {
    const times = lived_ms < longestWait_ms ? (failure?.times ?? 0) + 1 : 1;
    // A refusal does not mend itself, and each try counts there.
    const refused = error instanceof StewardError && error.code === "refused";
    const wait = refused ? longestWait_ms : Math.min(firstWait_ms * 2 ** (times - 1), longestWait_ms);
    failure = { error, times, until: clock.monotonic() + wait * (0.75 + random() / 2) };
  }

  function open(): Promise<Session> {
    const opening = connected();
    const over = (error: unknown, lived_ms: number) => {
      if (current === opening) current = undefined;
      failed(error, lived_ms);
    };
    opening.then(
      (session) => {
        const since = clock.monotonic();
        const end = () => over(session.ended.reason, clock.monotonic() - since);
        if (session.ended.aborted) end();
        else session.ended.addEventListener("abort", end, { once: true });
      },
      (error) => over(error, 0),
    );
    return opening;
  }

  async function session(signal?: AbortSignal): Promise<Session> {
    if (current === undefined && failure !== null) {
      const wait = failure.until - clock.monotonic();
      if (wait > deadlines.connect_ms) throw failure.error;
      if (wait > 0) await clock.sleep(wait, signal ? AbortSignal.any([signal, closed.signal]) : closed.signal);
    }
    signal?.throwIfAborted();
    current ??= open();
    const found = await current;
    // It may have ended between its opening and this turn.
    return found.ended.aborted ? session(signal) : found;
  }

  return {
    session,
    call: async (method, params, options) => (await session(options.signal)).call(method, params, options),
    close() {
      closed.abort(
        new StewardError("unreachable", "The connection to TrueNAS is closed.", "Home Steward is stopping."),
      );
    },
  };
}
