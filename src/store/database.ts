import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { StewardError } from "../shared/errors.ts";
import { migrations } from "./migrations.ts";

// Loaded at the first use: a server whose client never plans anything starts without it.
const load: (name: "better-sqlite3") => typeof Database = createRequire(import.meta.url);

/** How long a process waits for another one's transaction. All of ours are short. */
const BUSY_MS = 10_000;

/** Makes the state folder if it is missing; it and what lies in it are the owner's alone (Windows keeps that by its own rules). */
export function stateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== "win32") chmodSync(folder, 0o700);
}

/** Opens `steward.db` in the state folder and brings it to the newest schema. Errors: see {@link unusable}. */
export function openDatabase(folder: string): Database.Database {
  try {
    stateFolder(folder);
    const path = join(folder, "steward.db");
    closeSync(openSync(path, "a", 0o600)); // SQLite gives its side files the mode of this one
    const Sqlite = load("better-sqlite3");
    const database = new Sqlite(path, { timeout: BUSY_MS });
    try {
      return prepared(database);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw unusable(error);
  }
}

function prepared(database: Database.Database): Database.Database {
  refuseNewer(database); // before anything is written to a file that may not be ours to change
  waitFor(() => database.pragma("journal_mode = WAL"));
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  database
    .transaction(() => {
      const from = refuseNewer(database);
      for (const migration of migrations.slice(from)) database.exec(migration);
      database.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
  return database;
}

function refuseNewer(database: Database.Database): number {
  const version = Number(database.pragma("user_version", { simple: true }));
  if (version <= migrations.length) return version;
  throw new StewardError(
    "unsupported",
    `The state database has schema ${version}, written by a newer Home Steward; this one knows ${migrations.length}.`,
    "Update Home Steward. The database was left as it is.",
  );
}

// Turning WAL on needs the file for oneself for a moment, and SQLite does not wait for that by itself.
function waitFor(work: () => void): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; ; tries++) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || tries >= 200) throw error;
      Atomics.wait(sleeper, 0, 0, 20);
    }
  }
}

/** Whether SQLite says that another process holds what we want. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");

/** A lock that the kernel gives back when its process ends, however it ends: SQLite's own, on a file without content. */
export interface Lock {
  release(): void;
}

/** Takes the named lock, or answers null when somebody holds it. */
export function takeLock(folder: string, name: string): Lock | null {
  stateFolder(folder);
  const Sqlite = load("better-sqlite3");
  const database = new Sqlite(join(folder, `${name}.lock`), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw unusable(error);
  }
}

/** `work`; what SQLite or the file system have against it becomes {@link unusable}, anything else is somebody's bug. */
export function inDatabase<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const theirs = error instanceof Error && "code" in error && /^(SQLITE_|E[A-Z]+$)/.test(String(error.code));
    throw theirs ? unusable(error) : error;
  }
}

/** What is said when the store cannot be used: nothing changes without it. */
function unusable(error: unknown): StewardError {
  if (error instanceof StewardError) return error;
  return new StewardError(
    "refused",
    "The state folder cannot be used, so nothing can be planned, approved or changed.",
    "See that the folder is there, is yours, is writable and has room; the log says more.",
    { cause: error },
  );
}
