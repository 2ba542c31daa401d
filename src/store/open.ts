import { type AuditRows, auditIn } from "./audit.ts";
import { openDatabase } from "./database.ts";
import { type Disks, disksIn } from "./disks.ts";
import { type Grants, grantsIn } from "./grants.ts";
import { type Journal, journalIn } from "./journal.ts";
import { type Limits, limitsIn } from "./limits.ts";
import { type Lives, livesIn } from "./lives.ts";
import { type Plans, plansIn } from "./plans.ts";
import { type Pools, poolsIn } from "./pools.ts";
import { type Use, useIn } from "./use.ts";

/** The state of a home, in one SQLite file that several processes share. */
export interface Store {
  readonly folder: string;
  readonly plans: Plans;
  readonly grants: Grants;
  readonly journal: Journal;
  readonly audit: AuditRows;
  readonly disks: Disks;
  readonly pools: Pools;
  readonly limits: Limits;
  readonly lives: Lives;
  readonly use: Use;
  /** The largest value a mark ever had, `value` included. */
  highest(mark: string, value: number): number;
  /** Sets a mark, back too. */
  setMark(mark: string, value: number): void;
  /** All of `work` or nothing of it; nobody else writes meanwhile, and what it wrote survives a power cut. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Errors: refused (the folder or file cannot be used), unsupported (a newer Home Steward wrote it). */
export function openStore(folder: string): Store {
  const database = openDatabase(folder);
  const highest = database.prepare<[string, number], { value: number }>(
    `INSERT INTO marks (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value) RETURNING value`,
  );
  const setMark = database.prepare<[string, number]>(
    "INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  return {
    folder,
    plans: plansIn(database),
    grants: grantsIn(database),
    journal: journalIn(database),
    audit: auditIn(database),
    disks: disksIn(database),
    pools: poolsIn(database),
    limits: limitsIn(database),
    lives: livesIn(database),
    use: useIn(database),
    highest: (mark, value) => highest.get(mark, value)?.value ?? value,
    setMark: (mark, value) => void setMark.run(mark, value),
    transaction: (work) => database.transaction(work).immediate(),
    close: () => void database.close(),
  };
}

/** Opens the store at its first use and keeps it; when that fails it is tried again at the next use. */
export function storeAt(folder: string): () => Store {
  let store: Store | undefined;
  return () => {
    store ??= openStore(folder);
    return store;
  };
}
