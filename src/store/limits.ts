import type Database from "better-sqlite3";

/** A limit that an approved plan set on a container. `wanted` is JSON; `until` ms since 1970, null for no end. */
interface LimitRow {
  kind: "quota" | "bandwidth";
  host: string;
  container: string;
  wanted: string;
  until: number | null;
}

/** One of a kind for each container: the last one set. */
export interface Limits {
  of(kind: LimitRow["kind"], host: string): LimitRow[];
  put(row: LimitRow): void;
  drop(kind: LimitRow["kind"], host: string, container: string): void;
}

export function limitsIn(database: Database.Database): Limits {
  const of = database.prepare<[string, string], LimitRow>(
    "SELECT kind, host, container, wanted, until FROM container_limits WHERE kind = ? AND host = ? ORDER BY container",
  );
  const put = database.prepare<[LimitRow]>(
    `INSERT OR REPLACE INTO container_limits (kind, host, container, wanted, until)
      VALUES (@kind, @host, @container, @wanted, @until)`,
  );
  const drop = database.prepare<[string, string, string]>(
    "DELETE FROM container_limits WHERE kind = ? AND host = ? AND container = ?",
  );
  return {
    of: (kind, host) => of.all(kind, host),
    put: (row) => void put.run(row),
    drop: (kind, host, container) => void drop.run(kind, host, container),
  };
}
