import { createHash } from "node:crypto";
import type { Service as ComposeService } from "../docker/compose.ts";
import type { Engine } from "../docker/engine.ts";

export const releases = ["24.04", "24.10", "25.04", "25.10", "26"] as const;
export type Release = (typeof releases)[number];

/** What a value of the API may be before it is written as EJSON. */
export type Value = null | boolean | number | string | Date | readonly Value[] | { readonly [key: string]: Value };
export type Entry = { readonly [key: string]: Value };

export interface Disk {
  name: string;
  serial: string;
  model: string;
  size_bytes: number;
  /** null: an SSD */
  rpm: number | null;
  pool: string | null;
  /** Of somebody else; none where absent. */
  partitions?: number;
  /** What it says of itself; as new where absent. */
  smart?: Partial<DiskSmart>;
}

/** SMART of a SATA disk. */
export interface DiskSmart {
  /** Raw values by attribute, beside those that every disk has. */
  raw: Readonly<Record<number, number>>;
  temperature_c: number;
  asleep: boolean;
  /** Newest first. */
  tests: { description: string; passed: boolean; hours: number }[];
  /** The test that runs, and since when (ms since 1970). */
  testing: { description: string; since: number } | null;
}

/** A leaf has a disk, the others children. */
export interface Node {
  type: "MIRROR" | "RAIDZ1" | "RAIDZ2" | "DISK";
  name: string;
  guid: string;
  status: "ONLINE" | "DEGRADED" | "OFFLINE" | "UNAVAIL" | "FAULTED";
  disk: string | null;
  errors: { read: number; write: number; checksum: number };
  children: Node[];
}

interface Scan {
  function: "SCRUB" | "RESILVER";
  state: "SCANNING" | "FINISHED" | "CANCELED";
  started: Date;
  ended: Date | null;
  paused: Date | null;
  percent: number;
  errors: number;
}

export interface Pool {
  id: number;
  name: string;
  guid: string;
  raw_bytes: number;
  allocated_bytes: number;
  fragmentation_percent: number;
  scan: Scan | null;
  topology: Record<"data" | "log" | "cache" | "spare" | "special" | "dedup", Node[]>;
}

export interface Dataset {
  name: string;
  type: "FILESYSTEM" | "VOLUME";
  used_bytes: number;
  /** Of the pool where there is no quota. */
  available_bytes: number;
  referenced_bytes: number;
  quota_bytes: number;
  refquota_bytes: number;
  compression: string;
  compress_ratio: string;
  readonly: boolean;
  encrypted: boolean;
  /** The snapshot it was cloned from. */
  origin: string;
}

export interface Snapshot {
  dataset: string;
  name: string;
  guid: string;
  created: Date;
  used_bytes: number;
  referenced_bytes: number;
  holds: string[];
  txg: number;
}

interface SnapshotTask {
  id: number;
  dataset: string;
  recursive: boolean;
  enabled: boolean;
  /** Cron fields. */
  hour: string;
  minute: string;
}

interface Alert {
  uuid: string;
  klass: string;
  level: "INFO" | "WARNING" | "CRITICAL";
  text: string;
  since: Date;
  dismissed: boolean;
}

interface Service {
  id: number;
  name: string;
  running: boolean;
  enabled: boolean;
}

export interface NasUser {
  /** TrueNAS's own number for it. */
  id: number;
  uid: number;
  name: string;
  full_name: string;
  /** Its primary group's `id`. */
  group: number;
  builtin: boolean;
  password_disabled: boolean;
  shell: string;
  smb: boolean;
}

export interface NasGroup {
  id: number;
  gid: number;
  name: string;
  builtin: boolean;
  /** Users' `id`s. */
  members: number[];
}

/** One version of an app, and what it runs. */
interface AppVersion {
  version: string;
  services: readonly ComposeService[];
}

export interface App {
  name: string;
  running: boolean;
  version: string;
  /** All that the catalogue has, the oldest first; the last is the one to upgrade to. */
  versions: readonly AppVersion[];
  /** Versions it had here, with the snapshot of its own volumes that TrueNAS took when it left them. */
  had: string[];
  /** Made from the owner's own compose file: it has no versions to upgrade to. */
  custom: boolean;
  /** That file, or the answers to its chart's questions. */
  config?: Entry;
}

/** All that one simulated TrueNAS is. */
export interface Nas {
  release: Release;
  hostname: string;
  now(): number;
  pools: Pool[];
  disks: Disk[];
  datasets: Dataset[];
  snapshots: Snapshot[];
  tasks: SnapshotTask[];
  alerts: Alert[];
  services: Service[];
  users: NasUser[];
  groups: NasGroup[];
  apps: App[];
  /** Where its apps' containers run, from 24.10 on; null where a test has no use for them. */
  engine: Engine | null;
}

/** What the middleware refuses with: errno's name and its own sentence, which begins with that name. */
export class Refusal extends Error {
  readonly errname: string;
  /** Of a validation error. */
  readonly attribute: string | null;

  constructor(errname: string, message: string, attribute: string | null = null) {
    super(`[${errname}] ${message}`);
    this.errname = errname;
    this.attribute = attribute;
  }
}

/** A decimal of 64 bits that is the same on every start for the same seed. */
export function guidOf(seed: string): string {
  return createHash("sha256").update(seed).digest().readBigUInt64BE().toString();
}

export const atLeast = (release: Release, since: Release): boolean =>
  releases.indexOf(release) >= releases.indexOf(since);
