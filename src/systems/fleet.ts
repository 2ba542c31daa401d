import { asProblem, type Problem, StewardError } from "../shared/errors.ts";

/** One host's answer, or why there is none. */
export type Answer<R> = { host: string; ok: true; value: R } | { host: string; ok: false; problem: Problem };

/** One kind of system over all configured hosts. A host that is down takes only its own answers with it. */
export interface Fleet<T> {
  readonly kind: string;
  readonly hosts: readonly string[];
  /** The system of `host`, which may be left out where there is one host. Errors: not_configured, ambiguous. */
  one(host?: string): { host: string; system: T };
  /** Asks every host (or just `host`) at once; never rejects for a host that fails. */
  each<R>(ask: (system: T, host: string) => Promise<R>, host?: string): Promise<Answer<R>[]>;
}

/** Builds a fleet. `open` is called once a host, at its first use: the server starts with everything down. */
export function fleet<T>(kind: string, hosts: readonly string[], open: (host: string) => T): Fleet<T> {
  const opened = new Map<string, T>();
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
  return {
    kind,
    hosts,
    one(host) {
      if (host !== undefined) return { host: named(host), system: at(host) };
      const [only, second] = hosts;
      if (only === undefined) throw new StewardError("not_configured", `No ${kind} is configured.`, known());
      if (second !== undefined)
        throw new StewardError("ambiguous", `Several hosts have ${kind}.`, `Name the host. ${known()}`);
      return { host: only, system: at(only) };
    },
    each: (ask, host) =>
      Promise.all(
        (host === undefined ? hosts : [named(host)]).map(async (name) => {
          try {
            return { host: name, ok: true as const, value: await ask(at(name), name) };
          } catch (error) {
            return { host: name, ok: false as const, problem: asProblem(error) };
          }
        }),
      ),
  };
}
