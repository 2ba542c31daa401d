import type Database from "better-sqlite3";

/** One line of a plan's journal: an intent before an effect, and how it came out. `unit` and `step` are places in the plan. */
export interface JournalRow {
  plan_id: string;
  unit: number;
  step: number;
  /** `does` and `undoes` of a step, or `ends`: how the unit came out. */
  way: "does" | "undoes" | "ends";
  phase: "intent" | "outcome" | "error";
  /** ms since 1970 */
  at: number;
  /** JSON */
  detail: string | null;
}

export interface Journal {
  add(row: JournalRow): void;
  /** Oldest first. */
  of(planId: string): JournalRow[];
}

export function journalIn(database: Database.Database): Journal {
  const add = database.prepare<[JournalRow]>(
    `INSERT INTO journal (plan_id, unit, step, way, phase, at, detail)
      VALUES (@plan_id, @unit, @step, @way, @phase, @at, @detail)`,
  );
  const of = database.prepare<[string], JournalRow>(
    "SELECT plan_id, unit, step, way, phase, at, detail FROM journal WHERE plan_id = ? ORDER BY seq",
  );
  return { add: (row) => void add.run(row), of: (planId) => of.all(planId) };
}
