import { accountMethods } from "./accounts.ts";
import { appChanges, appReading } from "./apps.ts";
import { changingMethods } from "./change.ts";
import { Jobs } from "./jobs.ts";
import { atLeast, type Nas, Refusal, type Value } from "./model.ts";
import { queried } from "./query.ts";
import { entry, isIn, type Method, readingMethods } from "./read.ts";
import { smartMethods } from "./smart.ts";

/** A key that the simulated TrueNAS knows, and what it says to it. */
export interface Key {
  username: string;
  apiKey: string;
  /** Another answer than SUCCESS to the right key. */
  says?: Value;
}

/** Who is on one socket. */
export interface Visitor {
  loggedIn: boolean;
  /** 25.04 and 25.10 answer no second login on a socket. */
  failedBefore: boolean;
}

/** The methods of one simulated TrueNAS, without a wire. */
export class Middleware {
  readonly nas: Nas;
  readonly jobs: Jobs;
  readonly #key: Key;
  readonly #methods: ReadonlyMap<string, Method>;
  #strangers: { method: string; at: number }[] = [];

  constructor(nas: Nas, key: Key, job_ms: number | null) {
    this.nas = nas;
    this.jobs = new Jobs(nas, job_ms);
    this.#key = key;
    const getJobs: Method = { name: "core.get_jobs", answer: (_, params) => queried(this.jobs.all(), params) };
    const all = [
      ...readingMethods,
      ...smartMethods,
      ...appReading,
      ...accountMethods,
      getJobs,
      ...changingMethods(this.jobs),
      ...appChanges(this.jobs),
    ];
    this.#methods = new Map(all.map((one) => [one.name, one]));
  }

  call(visitor: Visitor, method: string, params: readonly Value[]): Value {
    if (!visitor.loggedIn) return this.#stranger(visitor, method, params);
    const known = this.#methods.get(method);
    if (known === undefined || !isIn(known, this.nas.release))
      throw new Refusal("ENOMETHOD", `Method ${method} not found`);
    return known.answer(this.nas, params);
  }

  #stranger(visitor: Visitor, method: string, params: readonly Value[]): Value {
    const { release } = this.nas;
    this.#limit(method);
    if (method === "auth.mechanism_choices" && atLeast(release, "25.04") && !atLeast(release, "26"))
      throw new Refusal("EFAULT", "'NoneType' object has no attribute 'is_user_session'");
    if (method === "auth.login_with_api_key" && !atLeast(release, "25.04"))
      return this.#remember(visitor, params[0] === this.#key.apiKey);
    if (method !== "auth.login_ex" || !atLeast(release, "25.04"))
      throw new Refusal("ENOTAUTHENTICATED", "Not authenticated");
    if (visitor.failedBefore && !atLeast(release, "26"))
      throw new Refusal("EFAULT", "AUTH: unexpected authenticator run state. Expected: START");
    const { mechanism, username, api_key } = entry(params[0]);
    const known = username === this.#key.username && api_key === this.#key.apiKey && mechanism === "API_KEY_PLAIN";
    if (known && this.#key.says === undefined) {
      this.#remember(visitor, true);
      const token = atLeast(release, "26") ? { reconnect_token: null } : {};
      return { response_type: "SUCCESS", user_info: null, authenticator: "LEVEL_1", ...token };
    }
    this.#remember(visitor, false);
    return known ? (this.#key.says ?? null) : { response_type: "AUTH_ERR" };
  }

  #remember(visitor: Visitor, welcome: boolean): boolean {
    visitor.loggedIn = welcome;
    visitor.failedBefore = !welcome;
    return welcome;
  }

  /** Twenty a minute, from 24.10 on. */
  #limit(method: string): void {
    if (!atLeast(this.nas.release, "24.10")) return;
    const at = this.nas.now();
    this.#strangers = this.#strangers.filter((one) => at - one.at < 60_000);
    this.#strangers.push({ method, at });
    if (this.#strangers.filter((one) => one.method === method).length > 20)
      throw new Refusal("EBUSY", "Rate Limit Exceeded");
  }
}
