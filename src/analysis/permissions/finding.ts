import type { ContainerInspected, ImageInspected } from "../../systems/docker/shapes.ts";
import type { CheckName } from "./catalogue.ts";

export type Severity = "critical" | "warning" | "info";

/** What a check found: how bad, and how one can tell. Names of variables and paths, never a value. */
export interface Found {
  check: CheckName;
  severity: Severity;
  evidence: string;
  /** CIS numbers, where they are fewer than the check's own. */
  cis?: readonly string[];
}

/** One thing that is wrong with one container. */
export interface Finding {
  /** "plex/docker_socket": the same from audit to audit, so that it can be exempted and chosen for a fix. */
  id: string;
  container: string;
  check: CheckName;
  severity: Severity;
  /** Numbers in the CIS Docker Benchmark 1.6; empty where it has none. */
  cis: readonly string[];
  evidence: string;
  fix: string;
}

/** One container with what it was made from, as the engine tells it. */
export interface Subject {
  container: ContainerInspected;
  /** Undefined where it is gone. */
  image: ImageInspected | undefined;
  /** Users (host uids) of its processes now; null while it is stopped, or where the engine can't tell. */
  process_uids: readonly number[] | null;
}

/** The machine's own users and groups, as `getent` lists them. */
export interface Accounts {
  users: readonly { name: string; uid: number; gid: number }[];
  groups: readonly { name: string; gid: number; members: readonly string[] }[];
}

/** What is around a container, on the same machine. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  now_ms: number;
  subjects: readonly Subject[];
  /** The engine's own: "apparmor", "userns" … */
  security_options: readonly string[];
  /** Null where there is no shell to ask. */
  accounts: Accounts | null;
  /** Where whole pools are mounted; null where that is not known. */
  pools: readonly string[] | null;
}

export type Check = (subject: Subject, around: Surroundings) => Found[];
