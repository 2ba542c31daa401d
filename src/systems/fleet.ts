import { type Clock, systemClock } from "../shared/clock.ts";
import { asProblem, type ErrorCode, type Problem, StewardError } from "../shared/errors.ts";

/** One host's answer, or why there is none. */
export type Answer<R> = { host: string; ok: true; value: R } | { host: string; ok: false; problem: Problem };

/** One kind of system over all configured hosts. A host that is down takes only its own answers with it. */
export interface Fleet<T> {
  readonly kind: string;
  readonly hosts: readonly string[];
  /**
   * The system of `host`, which may be left out where there is one host. Where it does not answer, its error says since
   * when. Errors: not_configured, ambiguous.
   */
  one(host?: string): { host: string; system: T };
  /**
   * Asks every host (or just `host`) at once; never rejects for a host that fails. One that did not answer a moment ago
   * is given {@link patience_ms}, unless it is named: then the answer is what is known of it, and the question goes on.
   */
  each<R>(ask: (system: T, host: string) => Promise<R>, host?: string): Promise<Answer<R>[]>;
}

const noAnswer: ReadonlySet<ErrorCode> = new Set(["unreachable", "timeout"]);
/** A host that hangs costs a call its whole deadline: not every call, for this long. */
const remembered_ms = 30_000;
const patience_ms = 1000;

/** Builds a fleet. `open` is called once a host, at its first use: the server starts with everything down. */
export function fleet<T extends object>(
  kind: string,
  hosts: readonly string[],
  open: (host: string) => T,
  clock: Clock = systemClock,
): Fleet<T> {
  const opened = new Map<string, T>();
  const silent = new Map<string, Silence>();
  const at = (host: string): T => {
    const known = opened.get(host);
    if (known !== undefined) return known;
    const fresh = open(host);
    opened.set(host, fresh);
    return fresh;
  };
  const named = (host: string): string => {
    if (hosts.includes(host)) return host;
    throw new StewardError("not_configured", `No ${kind} is configured on a host of that name.`, known());
  };
  const known = () =>
    hosts.length === 0 ? `Add ${kind} to a host in the configuration.` : `Hosts with ${kind}: ${hosts.join(", ")}.`;
  /** Keeps in mind whether a host answered, and lets its error say since when it does not: a refusal is an answer, too. */
  async function heard<R>(host: string, answer: Promise<R>): Promise<R> {
    try {
      const value = await answer;
      silent.delete(host);
      return value;
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
      if (!noAnswer.has(error.code)) {
        silent.delete(host);
        throw error;
      }
      const since = silent.get(host)?.problem.since ?? new Date(clock.now()).toISOString();
      const known = new StewardError(error.code, error.message, error.fix, { cause: error, since });
      silent.set(host, { problem: asProblem(known), at_ms: clock.monotonic(), looking: false });
      throw known;
    }
  }
  async function answerOf<R>(host: string, ask: (system: T, host: string) => Promise<R>): Promise<Answer<R>> {
    try {
      return { host, ok: true, value: await heard(host, ask(at(host), host)) };
    } catch (error) {
      return { host, ok: false, problem: asProblem(error) };
    }
  }
  /** A system whose every answer is {@link heard}. */
  const listenedTo = (system: T, host: string): T =>
    new Proxy(system, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name);
        if (typeof found !== "function") return found;
        return (...args: unknown[]) => {
          const answer: unknown = Reflect.apply(found, target, args);
          return answer instanceof Promise ? heard(host, answer) : answer;
        };
      },
    });
  /** Of a host that was silent a moment ago: its answer if it is back, else what is known. One question at a time goes on. */
  async function lookedAt<R>(
    host: string,
    known: Silence,
    ask: (system: T, host: string) => Promise<R>,
  ): Promise<Answer<R>> {
    const { problem } = known;
    if (known.looking) return { host, ok: false, problem };
    known.looking = true;
    const asked = answerOf(host, ask).finally(() => {
      known.looking = false;
    });
    return Promise.race([asked, clock.sleep(patience_ms).then(() => ({ host, ok: false as const, problem }))]);
  }
  return {
    kind,
    hosts,
    one(host) {
      if (host !== undefined) return { host: named(host), system: listenedTo(at(host), host) };
      const [only, second] = hosts;
      if (only === undefined) throw new StewardError("not_configured", `No ${kind} is configured.`, known());
      if (second !== undefined)
        throw new StewardError("ambiguous", `Several hosts have ${kind}.`, `Name the host. ${known()}`);
      return { host: only, system: listenedTo(at(only), only) };
    },
    each: (ask, host) =>
      Promise.all(
        (host === undefined ? hosts : [named(host)]).map((name) => {
          const known = silent.get(name);
          return host !== undefined || known === undefined || clock.monotonic() - known.at_ms > remembered_ms
            ? answerOf(name, ask)
            : lookedAt(name, known, ask);
        }),
      ),
  };
}

/** The last time that a host did not answer. */
interface Silence {
  problem: Problem;
  at_ms: number;
  looking: boolean;
}
