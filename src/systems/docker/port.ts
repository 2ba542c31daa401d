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

/** One process of a container, as its machine sees it. */
export interface ContainerProcess {
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
  /** Its processes now, each with its user on this machine. Errors also: conflict (not running), unsupported (no ps there). */
  processes(container: string, signal?: AbortSignal): Promise<ContainerProcess[]>;
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
  /** Never removes volumes. A running container is refused (conflict). */
  remove(container: string): Promise<void>;
}

/** How to reach one engine (from the configuration, secrets opened). */
export type DockerConnection =
  | { kind: "socket"; path: string }
  | { kind: "tcp"; url: string; ca?: string; cert?: string; key?: string }
  | { kind: "ssh"; ssh: SshConnection; socket: string }
  | { kind: "portainer"; url: string; apiKey: string; endpoint: number; fingerprint?: string };
