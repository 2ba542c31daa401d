import type Database from "better-sqlite3";

/** A plan as stored. Times are ms since 1970; `approval`, `progress` and `results` are JSON. */
export interface PlanRow {
  id: string;
  /** The canonical bytes a person approves and the gate runs. */
  document: string;
  digest: string;
  status: string;
  created_at: number;
  /** The audit record that says it was proposed. */
  audit_seq: number;
  wrong_tokens: number;
  approval: string | null;
  stop_asked: number;
  progress: string | null;
  results: string | null;
  /** Until when an interrupted plan is undone without being asked again. */
  recover_until: number | null;
  note: string;
}

/** What may change about a plan after it was stored: never its bytes. */
type PlanChange = Partial<
  Pick<
    PlanRow,
    "status" | "wrong_tokens" | "approval" | "stop_asked" | "progress" | "results" | "recover_until" | "note"
  >
>;

export interface Plans {
  add(row: Pick<PlanRow, "id" | "document" | "digest" | "status" | "created_at" | "audit_seq">): void;
  get(id: string): PlanRow | undefined;
  /** Oldest first. */
  withStatus(...statuses: readonly string[]): PlanRow[];
  update(id: string, change: PlanChange): void;
}

export function plansIn(database: Database.Database): Plans {
  const add = database.prepare<[string, string, string, string, number, number]>(
    "INSERT INTO plans (id, document, digest, status, created_at, audit_seq) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const get = database.prepare<[string], PlanRow>("SELECT * FROM plans WHERE id = ?");
  const withStatus = database.prepare<[string], PlanRow>(
    "SELECT * FROM plans WHERE status IN (SELECT value FROM json_each(?)) ORDER BY created_at, id",
  );
  const update = database.prepare<[PlanRow]>(
    `UPDATE plans SET status = @status, wrong_tokens = @wrong_tokens, approval = @approval,
      stop_asked = @stop_asked, progress = @progress, results = @results, recover_until = @recover_until, note = @note
      WHERE id = @id`,
  );
  return {
    add: (row) => void add.run(row.id, row.document, row.digest, row.status, row.created_at, row.audit_seq),
    get: (id) => get.get(id),
    withStatus: (...statuses) => withStatus.all(JSON.stringify(statuses)),
    update(id, change) {
      const row = get.get(id);
      if (row) update.run({ ...row, ...change });
    },
  };
}
