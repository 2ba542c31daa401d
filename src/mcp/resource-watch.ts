import type { Clock } from "../shared/clock.ts";

/** Systems tell nobody of their changes: they are asked, no more often than this. */
const everyMs = 60_000;
/** How long a reading counts as following: a modern client says to the SDK alone what it listens to. */
const readCountsMs = 30 * 60_000;

/** Tells whoever listens that a resource changed which can only be looked at. */
export interface ResourceWatch {
  /** Somebody subscribed to it. Answers how to let go. */
  follow(uri: string): () => void;
  /** Somebody read it, and may listen. */
  wasRead(uri: string): void;
  onChange(listener: (uri: string) => void): () => void;
}

/**
 * Looks at what is followed once a minute while somebody listens, and at nothing otherwise.
 *
 * @param look what of a resource has to change, as text; undefined for one that is not looked at, or can't be now
 */
export function watchResources(
  clock: Clock,
  look: (uri: string, signal: AbortSignal) => Promise<string | undefined>,
): ResourceWatch {
  const listeners = new Set<(uri: string) => void>();
  const subscribed = new Map<string, number>();
  const readAt = new Map<string, number>();
  const seen = new Map<string, string>();
  let running: AbortController | undefined;

  const followed = (): Set<string> => {
    for (const [uri, at] of readAt) if (clock.monotonic() - at > readCountsMs) readAt.delete(uri);
    return new Set([...subscribed.keys(), ...readAt.keys()]);
  };
  const compare = async (uri: string, signal: AbortSignal) => {
    const now = await look(uri, signal).catch(() => undefined);
    if (now === undefined || signal.aborted) return;
    const before = seen.get(uri);
    seen.set(uri, now);
    if (before !== undefined && before !== now) for (const listener of listeners) listener(uri);
  };
  /** What was not followed for a while has no past that would be news. */
  const forget = (uris: ReadonlySet<string>) => {
    for (const uri of seen.keys()) if (!uris.has(uri)) seen.delete(uri);
  };
  const run = async (signal: AbortSignal) => {
    for (let uris = followed(); uris.size > 0 && !signal.aborted; uris = followed()) {
      forget(uris);
      for (const uri of uris) await compare(uri, signal);
      await clock.sleep(everyMs, signal).catch(() => {});
    }
    if (signal.aborted) return;
    running = undefined;
    forget(new Set());
  };
  const settle = () => {
    if (listeners.size > 0 && followed().size > 0 && !running) {
      running = new AbortController();
      void run(running.signal);
    } else if (listeners.size === 0 || followed().size === 0) {
      running?.abort();
      running = undefined;
      forget(new Set());
    }
  };
  return {
    follow(uri) {
      subscribed.set(uri, (subscribed.get(uri) ?? 0) + 1);
      settle();
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = (subscribed.get(uri) ?? 1) - 1;
        if (left > 0) subscribed.set(uri, left);
        else subscribed.delete(uri);
        settle();
      };
    },
    wasRead(uri) {
      readAt.set(uri, clock.monotonic());
      settle();
    },
    onChange(listener) {
      listeners.add(listener);
      settle();
      return () => {
        listeners.delete(listener);
        settle();
      };
    },
  };
}
