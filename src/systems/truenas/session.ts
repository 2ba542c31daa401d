import type { WebSocket } from "ws";
import type { Clock } from "../../shared/clock.ts";
import { limiter } from "../../shared/concurrency.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Json, JsonObject } from "../../shared/json.ts";
import { dial, type Target } from "./dial.ts";
import { fromEjson } from "./ejson.ts";
import { explain, late, lost, refusal, starting, unanswered, wrongAnswer } from "./failures.ts";
import type { Framing, Heard } from "./framing.ts";

export interface CallOptions {
  deadline_ms: number;
  signal?: AbortSignal | undefined;
}

/** One socket, from its opening to its end. It is never mended: who needs another one opens another one. */
export interface Session {
  /** Errors: {@link refusal}, Unanswered (sent, and no answer came), bad_input (too large to send). */
  call(method: string, params: readonly Json[], options: CallOptions): Promise<Json>;
  /** Jobs as they change; the first call subscribes. Answers how to stop listening. */
  watchJobs(heard: (job: JsonObject) => void, options: CallOptions): Promise<() => void>;
  /** From now on messages may have their full size. */
  loggedIn(): void;
  /** Aborted when the socket is gone, with why. */
  ended: AbortSignal;
  end(why?: StewardError): void;
}

/** What the middleware takes (utils/limits.py), bytes of one message. */
const maxMessageBytes = { before: 8 * 1024, after: 64 * 1024 };
/** The middleware runs ten calls of a socket at once, queues twenty and refuses the next: ours wait here. */
const maxRunning = 10;
/** Ten thousand snapshots with all their properties are about 25 MB. */
const maxAnswerBytes = 128 * 1024 * 1024;

/** Opens a socket and greets. Errors: unreachable, timeout, refused (certificate, address), wrong_answer. */
export async function openSession(
  target: Target,
  framing: Framing,
  { clock, deadline_ms }: { clock: Clock; deadline_ms: number },
): Promise<Session> {
  const socket = await upgraded(target, framing.path, deadline_ms);
  const session = sessionOver(socket, framing, clock);
  try {
    if (framing.hello !== null) await session.greet(framing.hello, deadline_ms);
  } catch (error) {
    session.end();
    throw error;
  }
  return session;
}

function sessionOver(socket: WebSocket, framing: Framing, clock: Clock) {
  const over = new AbortController();
  const turn = limiter(maxRunning);
  const waiting = new Map<string, { answer(value: Json): void; fail(error: unknown): void; method: string }>();
  const listeners = new Set<(job: JsonObject) => void>();
  let subscribed: Promise<Json> | undefined;
  let limit = maxMessageBytes.before;
  let calls = 0;

  const end = (why = lost()) => {
    if (over.signal.aborted) return;
    over.abort(why);
    for (const { fail } of waiting.values()) fail(unanswered(why));
    waiting.clear();
    socket.terminate();
  };
  socket.on("close", (code) => end(code === 1008 ? notAllowed() : lost(new Error(`closed with ${code}`))));
  socket.on("error", (error) => end(lost(error)));
  socket.on("message", (data) => {
    let heard: Heard;
    try {
      heard = framing.hear(JSON.parse(String(data)));
    } catch (cause) {
      return end(wrongAnswer("something that is not its protocol", cause));
    }
    if (heard.kind === "job") {
      const { fields } = heard;
      for (const listener of listeners) listener(fields);
    } else if (heard.kind !== "other") {
      const asked = waiting.get(heard.id);
      if (heard.kind === "result") return asked?.answer(fromEjson(heard.value));
      asked?.fail(refusal(asked.method, heard.failure));
      // Whatever ended the session there, only a new login mends it.
      if (heard.failure.name === "ENOTAUTHENTICATED") end();
    }
  });

  async function exchange(id: string, method: string, message: JsonObject, { deadline_ms, signal }: CallOptions) {
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) > limit) throw tooLarge(method, limit);
    signal?.throwIfAborted();
    if (over.signal.aborted) throw lost();
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    const settled = new AbortController();
    const giveUp = () => reject(signal?.reason);
    waiting.set(id, { answer: resolve, fail: reject, method });
    signal?.addEventListener("abort", giveUp, { once: true });
    clock.sleep(deadline_ms, settled.signal).then(
      () => reject(late(`answer ${method}`, deadline_ms)),
      () => {},
    );
    try {
      socket.send(text);
      return await promise;
    } finally {
      settled.abort();
      signal?.removeEventListener("abort", giveUp);
      waiting.delete(id);
    }
  }
  const nextId = () => String(++calls);

  return {
    ended: over.signal,
    end,
    loggedIn() {
      limit = maxMessageBytes.after;
    },
    greet: ({ id, message }: { id: string; message: JsonObject }, deadline_ms: number) =>
      exchange(id, "connect", message, { deadline_ms }),
    call(method: string, params: readonly Json[], options: CallOptions) {
      const id = nextId();
      return turn(() => exchange(id, method, framing.call(id, method, params), options));
    },
    async watchJobs(heard: (job: JsonObject) => void, options: CallOptions) {
      const id = nextId();
      subscribed ??= exchange(id, "core.subscribe", framing.subscribe(id, "core.get_jobs"), options);
      const mine = subscribed;
      mine.catch(() => {
        subscribed = undefined;
      });
      await mine;
      const listen = (job: JsonObject) =>
        heard(Object.fromEntries(Object.entries(job).map(([key, value]) => [key, fromEjson(value)])));
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
  };
}

const tooLarge = (method: string, limit: number) =>
  new StewardError(
    "bad_input",
    `A call of ${method} is larger than TrueNAS takes (${limit / 1024} KiB).`,
    "Send less at once.",
  );

const notAllowed = () =>
  new StewardError(
    "refused",
    "TrueNAS lets no connection in from this address.",
    "Add it to the allowed addresses in TrueNAS (System, General, GUI).",
  );

/** Upgrades a connection whose certificate has been checked. The library sends nothing before it has that socket. */
async function upgraded(target: Target, path: string, deadline_ms: number): Promise<WebSocket> {
  const [tls, { WebSocket: Socket }] = await Promise.all([dial(target, deadline_ms), import("ws")]);
  return new Promise((resolve, reject) => {
    const host = target.host.includes(":") ? `[${target.host}]` : target.host;
    const socket = new Socket(`wss://${host}:${target.port}${path}`, {
      createConnection: () => tls,
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: maxAnswerBytes,
    });
    const timer = setTimeout(() => fail(late("open a socket", deadline_ms)), deadline_ms);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      socket.off("error", fail);
      socket.on("error", () => {});
      socket.terminate();
      tls.destroy();
      reject(explain(error, target.host));
    };
    socket.once("open", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
    socket.once("unexpected-response", (_, response) => {
      const status = response.statusCode ?? 0;
      const cause = new Error(`HTTP ${status}`);
      fail(status >= 502 && status <= 504 ? starting(cause) : wrongAnswer("no socket", cause));
    });
    socket.once("error", fail);
  });
}
