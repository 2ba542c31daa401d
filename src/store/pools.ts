import type Database from "better-sqlite3";
import { z } from "zod";
import { inDatabase } from "./database.ts";

/** What the leaves of a pool had counted at one moment (ms since 1970), by guid: read, write and checksum errors. */
interface PoolErrors {
  at: number;
  counts: Readonly<Record<string, number>>;
}

/** Errors: refused (the database can't be used). */
export interface Pools {
  before(guid: string): PoolErrors | null;
  /** One reading a pool: a later one takes its place. */
  keep(guid: string, errors: PoolErrors): void;
}

const counts = z.record(z.string(), z.number());

export function poolsIn(database: Database.Database): Pools {
  const before = database.prepare<[string], { at: number; counts: string }>(
    "SELECT at, counts FROM pool_errors WHERE pool = ?",
  );
  const keep = database.prepare<[string, number, string]>(
    "INSERT OR REPLACE INTO pool_errors (pool, at, counts) VALUES (?, ?, ?)",
  );
  return {
    before(guid) {
      const row = inDatabase(() => before.get(guid));
      return row === undefined ? null : { at: row.at, counts: counts.parse(JSON.parse(row.counts)) };
    },
    keep: (guid, errors) => void inDatabase(() => keep.run(guid, errors.at, JSON.stringify(errors.counts))),
  };
}
