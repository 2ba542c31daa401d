import { StewardError } from "../../shared/errors.ts";
import { type Caller, caller, type Deadlines, type Request } from "./call.ts";
import { agreeOnVersion } from "./versions.ts";
import type { Way } from "./ways.ts";

/** A {@link Caller} that speaks the agreed API version; what both halves of the system, reading and changing, are built on. */
export interface Engine extends Caller {
  readonly deadlines: Deadlines;
  version(): Promise<{ engine: string; api: string }>;
}

export function openEngine(way: Way, deadlines: Deadlines): Engine {
  const call = caller(way);
  let agreed: ReturnType<typeof agreeOnVersion> | undefined;
  // Shared by all who wait, so no single caller's signal may end it.
  const version = () => {
    agreed ??= agreeOnVersion(call, deadlines.read_ms);
    agreed.catch(() => {
      agreed = undefined;
    });
    return agreed;
  };
  const versioned = async <R extends Request, T>(request: R, ask: (request: R) => Promise<T>): Promise<T> => {
    const { api } = await orAborted(version(), request.signal);
    try {
      return await ask({ ...request, path: `/v${api}${request.path}` });
    } catch (error) {
      // The engine may come back as another version.
      if (error instanceof StewardError && mayHaveChanged.has(error.code)) agreed = undefined;
      throw error;
    }
  };
  return {
    deadlines,
    version,
    json: (request, shape) => versioned(request, (full) => call.json(full, shape)),
    done: (request) => versioned(request, call.done),
    stream: (request, take) => versioned(request, (full) => call.stream(full, take)),
    close: call.close,
  };
}

const mayHaveChanged: ReadonlySet<string> = new Set(["unreachable", "timeout", "unsupported", "wrong_answer"]);

function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
