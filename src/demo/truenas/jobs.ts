import { type Entry, type Nas, Refusal, type Value } from "./model.ts";

/** What a job does: `step` is called with its percentage until 100, and again at 100. It fails as `step` throws. */
export interface Work {
  step(percent: number): void;
  result: Value;
  abort(): void;
}

interface Job {
  id: number;
  method: string;
  arguments: readonly Value[];
  state: "WAITING" | "RUNNING" | "SUCCESS" | "FAILED" | "ABORTED";
  percent: number;
  error: string | null;
  result: Value;
  started: Date;
  finished: Date | null;
  work: Work;
}

/** The middleware's job list: in memory, gone when it restarts. */
export class Jobs {
  readonly #nas: Nas;
  readonly #heard = new Set<(entry: Entry) => void>();
  #jobs: Job[] = [];
  #next = 1;
  /** Between two steps of a quarter each; null: they wait for `finish`. */
  step_ms: number | null;

  constructor(nas: Nas, step_ms: number | null) {
    this.#nas = nas;
    this.step_ms = step_ms;
  }

  begin(method: string, args: readonly Value[], work: Work): number {
    const job: Job = {
      id: this.#next++,
      method,
      arguments: args,
      state: "RUNNING",
      percent: 0,
      error: null,
      result: null,
      started: new Date(this.#nas.now()),
      finished: null,
      work,
    };
    this.#jobs.push(job);
    this.#tell(job);
    this.#later(job);
    return job.id;
  }

  /** Ends what runs, well or badly. */
  finish(id: number, error: string | null = null): void {
    const job = this.#jobs.find((one) => one.id === id);
    if (job?.state === "RUNNING") this.#end(job, error === null ? "SUCCESS" : "FAILED", error);
  }

  progress(id: number, percent: number): void {
    const job = this.#jobs.find((one) => one.id === id);
    if (job?.state !== "RUNNING") return;
    job.percent = percent;
    job.work.step(percent);
    this.#tell(job);
  }

  abort(id: number): void {
    const job = this.#jobs.find((one) => one.id === id);
    if (job === undefined) throw new Refusal("ENOENT", `None: job ${id} does not exist`);
    if (job.state !== "RUNNING") return;
    job.work.abort();
    this.#end(job, "ABORTED", null);
  }

  /** Forgets all, as a restart of the middleware does: numbers begin anew. */
  forget(): void {
    this.#jobs = [];
    this.#next = 1;
  }

  running(method: string, first: Value): number | null {
    return (
      this.#jobs.find((one) => one.state === "RUNNING" && one.method === method && one.arguments[0] === first)?.id ??
      null
    );
  }

  all(): Entry[] {
    return this.#jobs.map((job) => this.#entry(job));
  }

  listen(heard: (entry: Entry) => void): () => void {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  }

  #later(job: Job): void {
    if (this.step_ms === null) return;
    setTimeout(() => {
      if (job.state !== "RUNNING" || !this.#jobs.includes(job)) return;
      if (job.percent >= 75) return this.#end(job, "SUCCESS", null);
      this.progress(job.id, job.percent + 25);
      this.#later(job);
    }, this.step_ms).unref();
  }

  #end(job: Job, state: Job["state"], error: string | null): void {
    const failed = state === "SUCCESS" ? this.#done(job) : error;
    job.state = state === "SUCCESS" && failed !== null ? "FAILED" : state;
    job.error = failed;
    job.finished = new Date(this.#nas.now());
    this.#tell(job);
  }

  #done(job: Job): string | null {
    try {
      job.work.step(100);
    } catch (error) {
      return `[EFAULT] ${error instanceof Error ? error.message : "it failed"}`;
    }
    job.percent = 100;
    job.result = job.work.result;
    return null;
  }

  #tell(job: Job): void {
    for (const heard of this.#heard) heard(this.#entry(job));
  }

  #entry(job: Job): Entry {
    return jobEntry(this.#nas, job);
  }
}

function jobEntry({ release }: Nas, job: Job): Entry {
  const { error } = job;
  const late = release === "25.10" || release === "26";
  return {
    id: job.id,
    ...(late ? { message_ids: [] } : {}),
    method: job.method,
    arguments: job.arguments,
    transient: false,
    description: null,
    abortable: true,
    logs_path: null,
    logs_excerpt: null,
    progress: { percent: job.percent, description: `${job.method} goes on`, extra: null },
    result: job.result,
    ...(late ? { result_encoding_error: null } : {}),
    error,
    exception: error === null ? null : `Traceback: ${error}`,
    exc_info: error === null ? null : { repr: error, type: "CallError", ...(late ? { errno: 14 } : {}), extra: null },
    state: job.state,
    time_started: job.started,
    time_finished: job.finished,
    credentials: { type: "API_KEY", data: { username: "steward" } },
  };
}
