import { z } from "zod";
import type { Clock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Json, JsonObject } from "../../shared/json.ts";
import { refusal, sentenceName, Unanswered, wrongAnswer } from "./failures.ts";
import type { Caller, Deadlines, Link } from "./link.ts";
import type { JobEnd, JobProgress } from "./port.ts";

const jobShape = z.object({
  id: z.int(),
  method: z.string(),
  state: z.enum(["WAITING", "RUNNING", "SUCCESS", "FAILED", "ABORTED"]),
  progress: z.object({ percent: z.number().nullish(), description: z.string().nullish() }).nullish(),
  result: z.custom<Json>().optional(),
  error: z.string().nullish(),
  /** ms since 1970, once it runs. */
  time_started: z.number().nullish(),
});
type Job = z.infer<typeof jobShape>;

export interface JobRun {
  method: string;
  params: readonly Json[];
  onProgress(progress: JobProgress): void;
  signal: AbortSignal | undefined;
}

type Run = JobRun & { clock: Clock; deadlines: Deadlines };

/** Events tell at once; this is for one that got lost. */
const lookAgain_ms = 30_000;
/** Without events, and between two tries to reach a machine that is gone. */
const lookOften_ms = 2_000;
const maxRefusals = 3;
/** A machine that restarts is back by then. */
const giveUpAfter_ms = 10 * 60_000;

/**
 * Begins a job and follows it to its end. Subscribes first and looks once after the call: a short job may be over before
 * its number is known. Once begun it never rejects: what can't be told is `unknown`.
 */
export async function runJob(link: Link, run: Run): Promise<JobEnd> {
  const { signal, deadlines } = run;
  const deadline_ms = deadlines.change_ms;
  const session = await link.session(signal);
  const news = inbox();
  const deafen = await session.watchJobs(news.put, { deadline_ms, signal }).catch((error) => {
    // A key of 24.x may not be allowed to subscribe: looking does as well.
    if (error instanceof StewardError && error.code === "refused") return null;
    throw error;
  });
  try {
    const every_ms = deafen === null ? lookOften_ms : lookAgain_ms;
    return await followed(link, run, session, { news, ended: session.ended, every_ms });
  } finally {
    deafen?.();
  }
}

/** The same where there are no events: it looks every two seconds. */
export const runJobUnheard = (caller: Caller, run: Run): Promise<JobEnd> =>
  followed(caller, run, caller, { news: inbox(), ended: new AbortController().signal, every_ms: lookOften_ms });

interface Ears {
  news: Inbox;
  /** When nothing more will be heard. */
  ended: AbortSignal;
  every_ms: number;
}

async function followed(caller: Caller, run: Run, beginner: Caller, ears: Ears): Promise<JobEnd> {
  const { method, params, deadlines } = run;
  try {
    // Not abortable: once it is sent, a number that nobody waits for is a job that nobody can follow.
    const id = z.int().safeParse(await beginner.call(method, params, { deadline_ms: deadlines.change_ms }));
    if (!id.success) throw wrongAnswer(`${method} with something else than a job`, id.error);
    return await follow(caller, run, id.data, ears);
  } catch (error) {
    if (error instanceof Unanswered) return unknown(`${error.message} It may or may not have begun.`);
    throw error;
  }
}

async function follow(caller: Caller, run: Run, id: number, { news, ended, every_ms }: Ears): Promise<JobEnd> {
  const { method, onProgress, clock, signal } = run;
  let started: number | undefined;
  for (;;) {
    const afterLoss = ended.aborted;
    const job = news.take(id) ?? (await look(caller, id, run));
    if (signal?.aborted) return unknown(leftAlone);
    if (job === "unreachable") return unknown("TrueNAS did not come back in time.");
    if (job === "hidden") return unknown("TrueNAS does not let this API key look at its jobs (core.get_jobs).");
    if (job === "gone") return unknown("TrueNAS no longer knows of it.");
    const start = job.time_started ?? undefined;
    // Numbers begin anew when the middleware restarts: the same one may be another job's.
    const another = started === undefined ? afterLoss : start !== started;
    if (job.method !== method || another) return unknown("TrueNAS restarted in the middle of it.");
    started = start;
    if (job.state === "SUCCESS") return { state: "success", result: job.result ?? null };
    if (job.state === "FAILED") return { state: "failed", why: whyOf(job) };
    if (job.state === "ABORTED") return { state: "aborted", why: "It was aborted in TrueNAS." };
    onProgress({ percent: job.progress?.percent ?? 0, description: job.progress?.description ?? "" });
    // Whoever hears that it runs may want to know no more.
    if (signal?.aborted) return unknown(leftAlone);
    await news.next(id, clock, ended.aborted ? lookOften_ms : every_ms, [ended, ...(signal ? [signal] : [])]);
  }
}

const leftAlone = "Nobody waits for it any more; it goes on in TrueNAS.";

const jobs = z.array(z.unknown());

async function look(caller: Caller, id: number, { clock, deadlines, signal }: Run) {
  const until = clock.monotonic() + giveUpAfter_ms;
  let refusals = 0;
  while (clock.monotonic() < until && !signal?.aborted) {
    try {
      const options = { deadline_ms: deadlines.read_ms, signal };
      const [found] = jobs.parse(await caller.call("core.get_jobs", [[["id", "=", id]]], options));
      return found === undefined ? ("gone" as const) : jobShape.parse(found);
    } catch (error) {
      refusals = error instanceof StewardError && error.code === "refused" ? refusals + 1 : 0;
      // One may be of a moment: a session that ended, too many calls.
      if (refusals === maxRefusals) return "hidden" as const;
      await clock.sleep(lookOften_ms, signal).catch(() => {});
    }
  }
  return "unreachable" as const;
}

const unknown = (why: string): JobEnd => ({ state: "unknown", why });

/** In our own words; TrueNAS's sentence is text from outside. */
const whyOf = ({ method, error }: Job) =>
  refusal(method, { name: sentenceName(error ?? ""), reason: error ?? "" }).message;

type Inbox = ReturnType<typeof inbox>;

/** The newest that was heard of each job: also before its number is known. */
function inbox() {
  const newest = new Map<number, Job>();
  let wake = () => {};
  return {
    put(fields: JsonObject) {
      const job = jobShape.safeParse(fields);
      if (!job.success) return;
      newest.set(job.data.id, job.data);
      wake();
    },
    take(id: number): Job | undefined {
      const job = newest.get(id);
      newest.delete(id);
      return job;
    },
    /** Resolves at the next news of it, after a while, or when one of the signals says so. */
    async next(id: number, clock: Clock, wait_ms: number, signals: AbortSignal[]): Promise<void> {
      // A session that is over already says nothing new.
      const enough = new AbortController();
      const stop = AbortSignal.any([enough.signal, ...signals.filter((signal) => !signal.aborted)]);
      wake = () => {
        if (newest.has(id)) enough.abort();
      };
      wake();
      await clock.sleep(wait_ms, stop).catch(() => {});
    },
  };
}
