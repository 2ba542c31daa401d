import type Database from "better-sqlite3";

/** One link of the audit chain. `record` is canonical JSON, `mac` binds it to all that came before (src/confirm/audit.ts). */
export interface AuditRow {
  seq: number;
  /** ms since 1970 */
  at: number;
  event: string;
  plan_id: string | null;
  record: string;
  mac: string;
}

/** The audit's rows. There is no way to change or remove one. */
export interface AuditRows {
  add(row: AuditRow): void;
  last(): AuditRow | undefined;
  at(seq: number): AuditRow | undefined;
  /** From `seq` on, in order; one at a time, for logs of any length. */
  from(seq: number): IterableIterator<AuditRow>;
  /** How often `event` was recorded after the time `since` (ms since 1970) and after the record `afterSeq`. */
  count(event: string, since: number, afterSeq?: number): number;
  lastOf(...events: readonly string[]): AuditRow | undefined;
  /** The newest record of one of these events for a plan. */
  ofPlan(planId: string, ...events: readonly string[]): AuditRow | undefined;
  /** All records of these events for a plan, oldest first. */
  allOfPlan(planId: string, ...events: readonly string[]): AuditRow[];
  /** The latest time that a record from `seq` on carries, ms since 1970. */
  latest(seq: number): number;
}

export function auditIn(database: Database.Database): AuditRows {
  const add = database.prepare<[AuditRow]>(
    "INSERT INTO audit (seq, at, event, plan_id, record, mac) VALUES (@seq, @at, @event, @plan_id, @record, @mac)",
  );
  const last = database.prepare<[], AuditRow>("SELECT * FROM audit ORDER BY seq DESC LIMIT 1");
  const at = database.prepare<[number], AuditRow>("SELECT * FROM audit WHERE seq = ?");
  const from = database.prepare<[number], AuditRow>("SELECT * FROM audit WHERE seq >= ? ORDER BY seq");
  const count = database.prepare<[string, number, number], { n: number }>(
    "SELECT count(*) AS n FROM audit WHERE event = ? AND at > ? AND seq > ?",
  );
  const lastOf = database.prepare<[string], AuditRow>(
    "SELECT * FROM audit WHERE event IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT 1",
  );
  const ofPlan = database.prepare<[string, string], AuditRow>(
    "SELECT * FROM audit WHERE plan_id = ? AND event IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT 1",
  );
  const allOfPlan = database.prepare<[string, string], AuditRow>(
    "SELECT * FROM audit WHERE plan_id = ? AND event IN (SELECT value FROM json_each(?)) ORDER BY seq",
  );
  const latest = database.prepare<[number], { at: number | null }>("SELECT max(at) AS at FROM audit WHERE seq >= ?");
  return {
    add: (row) => void add.run(row),
    last: () => last.get(),
    at: (seq) => at.get(seq),
    from: (seq) => from.iterate(seq),
    count: (event, since, afterSeq = 0) => count.get(event, since, afterSeq)?.n ?? 0,
    lastOf: (...events) => lastOf.get(JSON.stringify(events)),
    ofPlan: (planId, ...events) => ofPlan.get(planId, JSON.stringify(events)),
    allOfPlan: (planId, ...events) => allOfPlan.all(planId, JSON.stringify(events)),
    latest: (seq) => latest.get(seq)?.at ?? 0,
  };
}
