import type Database from "better-sqlite3";

/** Which plans hold a standing approval. An index only: the signed plan and the audit say what is granted and what ended. */
interface GrantRow {
  plan_id: string;
  /** ms since 1970 */
  granted_at: number;
  /** How it ended; null while it holds. */
  ended: string | null;
}

export interface Grants {
  add(planId: string, grantedAt: number): void;
  get(planId: string): GrantRow | undefined;
  /** Oldest first. */
  all(): GrantRow[];
  end(planId: string, how: string): void;
}

export function grantsIn(database: Database.Database): Grants {
  const add = database.prepare<[string, number]>("INSERT OR IGNORE INTO grants (plan_id, granted_at) VALUES (?, ?)");
  const get = database.prepare<[string], GrantRow>("SELECT * FROM grants WHERE plan_id = ?");
  const all = database.prepare<[], GrantRow>("SELECT * FROM grants ORDER BY rowid");
  const end = database.prepare<[string, string]>("UPDATE grants SET ended = ? WHERE plan_id = ? AND ended IS NULL");
  return {
    add: (planId, grantedAt) => void add.run(planId, grantedAt),
    get: (planId) => get.get(planId),
    all: () => all.all(),
    end: (planId, how) => void end.run(how, planId),
  };
}
