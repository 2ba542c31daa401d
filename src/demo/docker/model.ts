import { createHash } from "node:crypto";

/** A part of Docker's JSON that the fake keeps as it came. */
export type Fields = Record<string, unknown>;

/** What an image does once a container runs it. */
export interface Behaviour {
  /** How its healthcheck turns out, where it has one. */
  health: "healthy" | "unhealthy";
  /** It ends by itself after so long. */
  exits?: { code: number; oom: boolean; after_ms: number };
  rx_bytes_per_s: number;
  tx_bytes_per_s: number;
  /** Whom it becomes after it started as root. */
  becomes_uid?: number;
  /** Said at every start. */
  says: readonly { stream: "stdout" | "stderr"; text: string }[];
}

/** The configuration that an image carries, as `GET /images/{name}/json` shows it. */
export interface ImageConfig {
  User?: string;
  Env?: string[];
  Cmd?: string[];
  Entrypoint?: string[];
  Labels?: Record<string, string>;
  Volumes?: Record<string, object>;
  ExposedPorts?: Record<string, object>;
  Healthcheck?: { Test: string[]; Interval?: number; Timeout?: number; Retries?: number };
  WorkingDir?: string;
  StopSignal?: string;
}

export interface Image {
  /** "sha256:…" of its configuration. */
  id: string;
  /** "sha256:…" of its manifest: what a registry answers for a tag. */
  digest: string;
  /** Without tag: "linuxserver/sonarr". */
  repository: string;
  created_ms: number;
  size_bytes: number;
  config: ImageConfig;
  behaviour: Behaviour;
}

export interface Attachment {
  network: string;
  /** As it was asked for: IPAMConfig, Aliases, Links, DriverOpts, MacAddress. */
  asked: Fields;
  endpoint_id: string;
  /** While it runs. */
  address: string | null;
}

export interface Mount {
  Type: string;
  Name?: string;
  Source: string;
  Destination: string;
  Driver?: string;
  Mode: string;
  RW: boolean;
  Propagation: string;
}

export interface LogEntry {
  at_ms: number;
  stream: "stdout" | "stderr";
  text: string;
}

export interface Container {
  id: string;
  name: string;
  created_ms: number;
  image: Image;
  config: Fields & { Image: string; Tty?: unknown; Healthcheck?: unknown };
  host: Fields & { NetworkMode: string; AutoRemove?: unknown };
  mounts: Mount[];
  attached: Attachment[];
  run: {
    status: "created" | "running" | "exited" | "restarting";
    started_ms: number;
    finished_ms: number;
    exit_code: number;
    oom: boolean;
    restarts: number;
    pid: number;
  };
  log: LogEntry[];
}

/** An event as the engine keeps it: of which container, what, and its attributes beside the name. */
export interface LifeEvent {
  id: string;
  action: string;
  at_ms: number;
  attributes: Record<string, string>;
}

export interface Network {
  name: string;
  id: string;
  /** "bridge", "host" or "null". */
  driver: string;
  /** The first three numbers of its /24; null where there are no addresses. */
  subnet: string | null;
}

/** What the engine refuses with: a status and Docker's own sentence. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** 64 hex digits that are the same on every start for the same seed. */
export function idOf(seed: string): string {
  return createHash("sha256").update(seed).digest("hex");
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const fields = (value: unknown): Fields => (isFields(value) ? value : {});
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
