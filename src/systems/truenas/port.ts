import type { Json } from "../../shared/json.ts";

/** Where a TrueNAS is and how to log in there. */
export interface TrueNasConnection {
  /** "wss://nas.lan"; a path in it is not used. Plain ws:// is refused. */
  url: string;
  /** Whom the API key belongs to (25.04 and later ask; 24.x keys have no user). */
  username: string;
  apiKey: string;
  /** SHA-256 of its certificate, where no authority vouches for it. */
  fingerprint?: string;
}

/** What a TrueNAS release can do; systems ask this, never the version (features.ts holds the table). */
export interface TrueNasFeatures {
  /** e.g. "24.04.2.4" or "25.10.1" */
  version: string;
  snapshots: "zfs.snapshot" | "pool.snapshot";
  /** "reading": it reads SMART and starts tests, but can't abort them. "shell": it tells no SMART at all. */
  smart: "reading" | "middleware" | "shell";
  apps: "chart.release" | "app";
  services: "start_stop" | "control";
}

/** One TrueNAS, read only: the methods of `readingMethods` in methods.ts. */
export interface TrueNas {
  features(signal?: AbortSignal): Promise<TrueNasFeatures>;
  /**
   * The answer as JSON: dates are ms since 1970, times "HH:MM:SS", sets lists (ejson.ts).
   * Errors: unreachable, timeout, refused (key, role; says which), unsupported (no such method in this release),
   * not_found, bad_input, conflict, wrong_answer.
   */
  call(method: string, params: readonly Json[], signal?: AbortSignal): Promise<Json>;
  close(): Promise<void>;
}

export interface JobProgress {
  /** 0–100 */
  percent: number;
  /** TrueNAS's own words: text from outside. */
  description: string;
}

export type JobEnd =
  | { state: "success"; result: Json }
  | { state: "failed" | "aborted"; why: string }
  | { state: "unknown"; why: string };

/** What approved steps may call. A job whose outcome is lost (socket dropped, job forgotten) is `unknown`, never done. */
export interface TrueNasChanges {
  /** Errors as in {@link TrueNas}. Where the answer was lost the message says that the change may have been made. */
  call(method: string, params: readonly Json[], signal?: AbortSignal): Promise<Json>;
  /** Rejects only where the job did not begin; what became of a begun one is in the answer. */
  job(
    method: string,
    params: readonly Json[],
    onProgress: (progress: JobProgress) => void,
    signal?: AbortSignal,
  ): Promise<JobEnd>;
}
