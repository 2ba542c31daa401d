import { createRequire } from "node:module";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { expect } from "vitest";
import type { PlanRow } from "../../src/store/plans.ts";
import type { Home } from "../support/gate.ts";

const Sqlite: typeof Database = createRequire(import.meta.url)("better-sqlite3");

/** Somebody who can write the database as they like. */
export function edit(home: Home, sql: string, ...values: (string | number | null)[]) {
  const raw = new Sqlite(join(home.folder, "steward.db"));
  for (const trigger of ["plans_keep_their_bytes", "journal_is_kept", "audit_is_kept", "audit_is_whole"])
    raw.exec(`DROP TRIGGER IF EXISTS ${trigger}`);
  raw.prepare(sql).run(...values);
  raw.close();
}

/** Everything the database holds, as text. */
export function dump(home: Home): string {
  const raw = new Sqlite(join(home.folder, "steward.db"));
  const tables = ["plans", "journal", "audit", "marks"].map((table) => raw.prepare(`SELECT * FROM ${table}`).all());
  raw.close();
  return JSON.stringify(tables);
}

export function rowOf(home: Home, id: string): PlanRow {
  const row = home.store.plans.get(id);
  if (!row) throw new Error("no such row");
  return row;
}

/** Nothing happened, it was said why, and the audit has it. */
export async function expectRefused(home: Home, id: string, token: string | undefined, says: string) {
  await expect(home.apply(id, token)).rejects.toThrow(says);
  expect(home.lamps.happened).toEqual([]);
  expect(home.store.audit.lastOf("refused")?.record).toContain(says);
}
