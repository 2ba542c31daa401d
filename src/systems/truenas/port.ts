import type { Json } from "../../shared/json.ts";

/** What a TrueNAS release can do; systems ask this, never the version (features.ts holds the table). */
export interface TrueNasFeatures {
  /** e.g. "24.04.2.4" or "25.10.1" */
  version: string;
  snapshots: "zfs.snapshot" | "pool.snapshot";
  smart: "middleware" | "shell";
  apps: "chart.release" | "app";
  services: "start_stop" | "control";
}

/** One TrueNAS, read only: methods that read (`*.query`, `*.config`, `get_*` …; the closed list is in methods.ts). */
export interface TrueNas {
  features(signal?: AbortSignal): Promise<TrueNasFeatures>;
  /** Errors: unreachable, timeout, refused (key, role; says which), unsupported (no such method in this release), wrong_answer. */
  call(method: string, params: readonly Json[], signal?: AbortSignal): Promise<Json>;
  close(): Promise<void>;
}

export interface JobProgress {
  /** 0–100 */
  percent: number;
  description: string;
}

/** What approved steps may call. A job whose outcome is lost (socket dropped, job forgotten) is `unknown`, never done. */
export interface TrueNasChanges {
  call(method: string, params: readonly Json[], signal?: AbortSignal): Promise<Json>;
  job(
    method: string,
    params: readonly Json[],
    onProgress: (progress: JobProgress) => void,
    signal?: AbortSignal,
  ): Promise<
    | { state: "success"; result: Json }
    | { state: "failed" | "aborted"; why: string }
    | { state: "unknown"; why: string }
  >;
}
