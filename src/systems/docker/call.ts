import { IncomingMessage } from "node:http";
import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import { explain, failure, wrongAnswer } from "./failures.ts";
import type { Way } from "./ways.ts";

/** How long calls may take. Milliseconds. */
export interface Deadlines {
  /** A reading call, from asking for a connection to the last byte. */
  read_ms: number;
  /** A change that the engine makes by itself: create, rename, start, connect. */
  change_ms: number;
  /** What stopping may take beyond the time that the container is given. */
  stop_margin_ms: number;
  /** The longest silence in the middle of a pull. */
  pull_idle_ms: number;
}

export const defaultDeadlines: Deadlines = {
  read_ms: 10_000,
  change_ms: 60_000,
  stop_margin_ms: 20_000,
  pull_idle_ms: 60_000,
};

/** A thousand containers list in about 3 MB; more than this is no answer of an engine. */
const maxAnswerBytes = 16 * 1024 * 1024;
const maxRefusalBytes = 64 * 1024;

export interface Request {
  method?: "GET" | "POST" | "DELETE";
  /** Below the version, with safe segments only (names.ts): "/containers/json". */
  path: string;
  query?: Readonly<Record<string, string | number | boolean>>;
  body?: object;
  signal?: AbortSignal | undefined;
  deadline_ms: number;
}

type Dial = (
  options: {
    method: string;
    path: string;
    options: { _query: object; _body: object };
    isStream: true;
    statusCodes: Readonly<Record<number, true>>;
    abortSignal: AbortSignal;
  },
  callback: (error: unknown, result: unknown) => void,
) => void;

/** All of them are ours to judge: what the library makes of a bad status reads the body without a limit. */
const everyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i + 100, true as const]));

/** One call at a time over one way to an engine: connects, keeps the deadline and the limits, explains what fails. */
export interface Caller {
  json<T>(request: Request, shape: z.ZodType<T>): Promise<T>;
  /** For answers without a body that matters. */
  done(request: Request): Promise<void>;
  /** Hands the body over as it comes. `deadline_ms` then limits each silence, not the whole, when `idle` is set. */
  stream(request: Request & { idle?: boolean }, take: (chunk: Buffer) => void): Promise<void>;
  close(): Promise<void>;
}

/** @param way connects at its first use, so that a server starts with every engine down. */
export function caller(way: Way): Caller {
  let dialled: Promise<Dial> | undefined;
  const dial = () => {
    dialled ??= open(way);
    dialled.catch(() => {
      dialled = undefined;
    });
    return dialled;
  };

  async function exchange<T>(request: Request, read: (response: IncomingMessage, awake: () => void) => Promise<T>) {
    const late = new AbortController();
    const tooLate = () =>
      late.abort(
        new StewardError(
          "timeout",
          `${way.name} did not answer within ${Math.round(request.deadline_ms / 100) / 10} s.`,
          "See whether it is overloaded or stuck (docker info on that machine), then try again.",
        ),
      );
    const timer = setTimeout(tooLate, request.deadline_ms);
    const signal = request.signal === undefined ? late.signal : AbortSignal.any([late.signal, request.signal]);
    const given = Promise.withResolvers<never>();
    // What hangs below may never settle, whatever it is told: the race is what keeps the deadline.
    given.promise.catch(() => {});
    const giveUp = () => given.reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    let response: IncomingMessage | undefined;
    const work = async () => {
      const send = await dial();
      signal.throwIfAborted();
      response = await asked(send, way.prefix, request, signal);
      const status = response.statusCode ?? 0;
      if (status >= 400 || (status >= 300 && status !== 304)) throw failure(way, status, await refusal(response));
      return read(response, () => timer.refresh());
    };
    try {
      return await Promise.race([work(), given.promise]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw explain(way, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      response?.destroy();
    }
  }

  return {
    json: (request, shape) =>
      exchange(request, async (response) => {
        const text = await whole(response, maxAnswerBytes, () => {
          throw wrongAnswer(way, "an answer longer than 16 MiB");
        });
        return parsed(way, text, shape);
      }),
    done: (request) =>
      exchange(request, async (response) => {
        response.resume();
      }),
    stream: ({ idle, ...request }, take) =>
      exchange(request, async (response, awake) => {
        for await (const chunk of response) {
          if (idle) awake();
          take(chunk);
        }
      }),
    async close() {
      dialled = undefined;
      await way.close();
    },
  };
}

async function open(way: Way): Promise<Dial> {
  const { default: Dockerode } = await import("dockerode");
  const options = await way.open();
  try {
    // Its modem only: its methods put names into paths as they are and read answers without a limit.
    const modem: { dial: Dial } = new Dockerode(options).modem;
    neverRedirected(modem);
    return modem.dial.bind(modem);
  } catch (cause) {
    throw new StewardError(
      "bad_input",
      "Docker's library can't read the DOCKER_… variables of this environment.",
      "Unset DOCKER_HOST and DOCKER_CERT_PATH for Home Steward; its configuration says where Docker is.",
      { cause },
    );
  }
}

/** An engine never redirects, and only the configuration says which hosts we talk to; the library would follow. */
function neverRedirected(modem: object): void {
  const build: (request: object, ...rest: unknown[]) => void = Reflect.get(modem, "buildRequest").bind(modem);
  const value: typeof build = (request, ...rest) => build({ ...request, maxRedirects: 0 }, ...rest);
  Object.defineProperty(modem, "buildRequest", { value });
}

function asked(send: Dial, prefix: string, request: Request, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method = "GET", path, query = {}, body = {} } = request;
    const options = { _query: query, _body: body };
    const call = { method, path: `${prefix}${path}?`, options, isStream: true as const };
    send({ ...call, statusCodes: everyStatus, abortSignal: signal }, (error, result) =>
      result instanceof IncomingMessage ? resolve(result) : reject(error),
    );
  });
}

async function whole(response: IncomingMessage, max: number, tooLong: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > max) {
      tooLong();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const refused = z.object({ message: z.string() }).or(z.object({ message: z.undefined(), details: z.string() }));

/** What the engine (or Portainer, in `details`) says of a call it did not take: for recognition, never for showing. */
async function refusal(response: IncomingMessage): Promise<string> {
  const text = await whole(response, maxRefusalBytes, () => {});
  try {
    const said = refused.parse(JSON.parse(text));
    return said.message ?? said.details;
  } catch {
    return "";
  }
}

function parsed<T>(way: Way, text: string, shape: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrongAnswer(way, "something that is not JSON", cause);
  }
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw wrongAnswer(way, "JSON of another shape than Docker's", result.error);
}
