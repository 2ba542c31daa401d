import type { JsonObject } from "../../shared/json.ts";
import type { SshConnection } from "../ssh.ts";
import type { ContainerInspected, ContainerListed, ImageInspected } from "./shapes.ts";

export type { SshConnection };

/** What a Docker engine says of itself. */
export interface EngineInfo {
  /** e.g. "28.5.2" */
  version: string;
  /** The API version in use between us, e.g. "1.41". */
  api_version: string;
  os: string;
  cgroup_version: 1 | 2;
  /** Processors and bytes of memory of its machine. */
  cpus: number;
  memory_bytes: number;
  storage_driver: string;
  swarm: boolean;
  /** What confines its containers: "apparmor", "seccomp", "userns", "rootless", "no-new-privileges". */
  security_options: string[];
  /** False for a simulated home. */
  real: boolean;
}

/** Bytes a container's interfaces carried since it started, summed over its interfaces, and when it was read. */
export interface NetworkSample {
  rx_bytes: number;
  tx_bytes: number;
  /** The engine's own time of reading, ms since 1970. */
  read_at_ms: number;
}

/** What a container uses, and when it was read. */
interface UseSample {
  /** Its working set: without the file cache that the kernel gives back before anything else. */
  memory_bytes: number;
  /** Processor time since it started. */
  cpu_ns: number;
  /** The engine's own time of reading, ms since 1970. */
  read_at_ms: number;
}

/** Limits in HostConfig's own words: bytes (with swap, the sum), billionths of a processor, µs of a period in µs. */
export interface ResourceLimits {
  Memory?: number | undefined;
  MemorySwap?: number | undefined;
  NanoCpus?: number | undefined;
  CpuPeriod?: number | undefined;
  CpuQuota?: number | undefined;
}

/** One moment of a container's life. */
export interface LifeEvent {
  /** "kill" is a signal that somebody sent it through the engine; "stop" comes after the end of one that was stopped. */
  action: "start" | "die" | "kill" | "stop" | "oom";
  /** The engine's own time, ms since 1970. */
  at_ms: number;
  /** Of "die". */
  exit_code: number | null;
  /** Of "kill": its number. */
  signal: number | null;
}

/** What ended lives were told to be, beyond what their engine remembers; by the container's id and when it ended. */
export interface LifeMemory {
  of(container: string, ended_at: string): readonly LifeEvent[] | null;
  /** One life a container: a later one takes its place. */
  keep(container: string, ended_at: string, events: readonly LifeEvent[]): void;
}

/** One process of a container, as its machine sees it. */
interface ContainerProcess {
  pid: number;
  uid: number;
}

export interface LogLine {
  /** RFC 3339 with nanoseconds, as the engine gives it; null where the line had none. */
  at: string | null;
  stream: "stdout" | "stderr";
  /** Text from outside: not cleaned yet. */
  text: string;
}

/**
 * One Docker engine, read only. Every call has a deadline and rejects with a StewardError:
 * unreachable, timeout, wrong_answer, not_found, refused (401/403), unsupported.
 */
export interface Docker {
  info(signal?: AbortSignal): Promise<EngineInfo>;
  /** All containers, stopped ones too. */
  list(signal?: AbortSignal): Promise<ContainerListed[]>;
  /** By name (without slash) or id. */
  inspect(container: string, signal?: AbortSignal): Promise<ContainerInspected>;
  /** By reference, id or `name@sha256:…`. */
  image(reference: string, signal?: AbortSignal): Promise<ImageInspected>;
  /** The digest that the registry serves for a tag now, without pulling. Errors also: refused (login), not_found (no such tag). */
  remoteDigest(reference: string, signal?: AbortSignal): Promise<string>;
  /** The last lines, oldest first. `since` in seconds since 1970. TTY and multiplexed streams alike. */
  logs(container: string, options: { tail: number; since?: number }, signal?: AbortSignal): Promise<LogLine[]>;
  /** One sample, at once (`one-shot`). */
  network(container: string, signal?: AbortSignal): Promise<NetworkSample>;
  /** One sample, at once. Errors also: conflict (it does not run). */
  use(container: string, signal?: AbortSignal): Promise<UseSample>;
  /** Its processes now, each with its user on this machine. Errors also: conflict (not running), unsupported (no ps there). */
  processes(container: string, signal?: AbortSignal): Promise<ContainerProcess[]>;
  /**
   * What happened to a container that ended, from its last start on, oldest first: as the engine tells it, or as it was
   * remembered. Empty where neither knows: an engine keeps the last few hundred events of all its containers together
   * (each probe of a healthcheck is three), and none over its own restart.
   */
  life(ended: ContainerInspected, signal?: AbortSignal): Promise<readonly LifeEvent[]>;
  close(): Promise<void>;
}

/** Progress of a pull: bytes so far of the layers that are known. */
export interface PullProgress {
  done_bytes: number;
  total_bytes: number;
}

/** What approved steps may do to an engine; nothing else is reachable. Same errors as {@link Docker}, and conflict. */
export interface DockerChanges {
  pull(reference: string, onProgress: (progress: PullProgress) => void, signal?: AbortSignal): Promise<void>;
  tag(image: string, repository: string, tag: string): Promise<void>;
  /** Body of `POST /containers/create`. Answers the new id. */
  create(name: string, body: JsonObject): Promise<string>;
  connect(network: string, container: string, endpoint: JsonObject): Promise<void>;
  disconnect(network: string, container: string): Promise<void>;
  rename(container: string, name: string): Promise<void>;
  start(container: string): Promise<void>;
  /** `timeoutSeconds`: between the stop signal and the kill; the container's own when left out. */
  stop(container: string, timeoutSeconds?: number): Promise<void>;
  restart(container: string, timeoutSeconds?: number): Promise<void>;
  /** Sets HostConfig's `RestartPolicy`: what the engine does when the container ends, or the engine itself starts. */
  restartPolicy(container: string, policy: JsonObject): Promise<void>;
  /** Memory and processors of a container, live. What is left out or 0 stays as it is: an engine takes no limit off so. */
  limit(container: string, limits: ResourceLimits): Promise<void>;
  /** Never removes volumes. A running container is refused (conflict). */
  remove(container: string): Promise<void>;
}

/** How to reach one engine (from the configuration, secrets opened). */
export type DockerConnection =
  | { kind: "socket"; path: string }
  | { kind: "tcp"; url: string; ca?: string; cert?: string; key?: string }
  | { kind: "ssh"; ssh: SshConnection; socket: string }
  | { kind: "portainer"; url: string; apiKey: string; endpoint: number; fingerprint?: string };
