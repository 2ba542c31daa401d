import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeLock } from "../../src/store/database.ts";
import { openStore, storeAt } from "../../src/store/open.ts";
import { readPrivate, writePrivate } from "../../src/store/private-file.ts";

const Sqlite: typeof Database = createRequire(import.meta.url)("better-sqlite3");
const windows = process.platform === "win32";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plan = { id: "p-1", document: "{}", digest: "d", status: "pending", created_at: 1, audit_seq: 1 };

describe("the database", () => {
  test("is safe against a power cut and shared by several processes", () => {
    openStore(folder).close();
    const raw = new Sqlite(join(folder, "steward.db"));
    expect(raw.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(raw.pragma("user_version", { simple: true })).toBe(6);
    raw.close();
  });

  test.skipIf(windows)("and its folder are the owner's alone (skipped on Windows, which has no such modes)", () => {
    const open = join(folder, "open");
    mkdirSync(open, { mode: 0o755 });
    openStore(open).close();
    expect(statSync(open).mode & 0o777).toBe(0o700);
    expect(statSync(join(open, "steward.db")).mode & 0o777).toBe(0o600);
  });

  test("of a newer version is refused and left as it is", () => {
    const raw = new Sqlite(join(folder, "steward.db"));
    raw.exec("CREATE TABLE later (x); PRAGMA user_version = 99");
    raw.close();
    const before = readFileSync(join(folder, "steward.db"));
    expect(() => openStore(folder)).toThrow(
      "The state database has schema 99, written by a newer Home Steward; this one knows 6.",
    );
    expect(readFileSync(join(folder, "steward.db"))).toEqual(before);
    expect(existsSync(join(folder, "steward.db-wal"))).toBe(false);
  });

  test("that is none is refused in words", () => {
    writeFileSync(join(folder, "steward.db"), "this is not a database, whatever its name says".repeat(100));
    expect(() => openStore(folder)).toThrow("The state folder cannot be used, so nothing can be planned");
  });

  test.skipIf(windows || process.getuid?.() === 0)(
    "in a folder that cannot be written is refused in words (skipped for root and on Windows)",
    () => {
      const closed = join(folder, "closed");
      mkdirSync(closed, { mode: 0o500 });
      expect(() => openStore(join(closed, "inner"))).toThrow("The state folder cannot be used");
      chmodSync(closed, 0o700);
    },
  );

  test("is opened at first use, and again after a failure", () => {
    writeFileSync(join(folder, "steward.db"), "broken ".repeat(1_000));
    const store = storeAt(folder);
    expect(store).toThrow("The state folder cannot be used");
    rmSync(join(folder, "steward.db"));
    expect(store()).toBe(store());
    store().close();
  });

  test("opens for many processes that start at once", async () => {
    const script = fileURLToPath(new URL("../support/open-store.ts", import.meta.url));
    const starts = Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, [script, folder]));
    const said = await Promise.all(starts);
    expect(said.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 6 }, () => "open\n"));
  });
});

describe("rows that are history", () => {
  test("cannot be changed through the database's own rules", () => {
    const store = openStore(folder);
    store.plans.add(plan);
    store.journal.add({ plan_id: "p-1", unit: 0, step: 0, way: "does", phase: "intent", at: 1, detail: null });
    store.audit.add({ seq: 1, at: 1, event: "e", plan_id: null, record: "{}", mac: "m" });
    const raw = new Sqlite(join(folder, "steward.db"));
    expect(() => raw.exec("UPDATE plans SET document = 'x'")).toThrow("a plan is never rewritten");
    expect(() => raw.exec("UPDATE journal SET detail = 'x'")).toThrow("the journal is append-only");
    expect(() => raw.exec("UPDATE audit SET event = 'x'")).toThrow("the audit is append-only");
    expect(() => raw.exec("DELETE FROM audit")).toThrow("the audit is append-only");
    raw.close();
    store.close();
  });

  test("a transaction that throws leaves nothing", () => {
    const store = openStore(folder);
    const work = () =>
      store.transaction(() => {
        store.plans.add(plan);
        throw new Error("no");
      });
    expect(work).toThrow("no");
    expect(store.plans.get("p-1")).toBeUndefined();
    store.close();
  });

  test("a mark only rises, unless it is set", () => {
    const store = openStore(folder);
    expect([5, 3, 9].map((value) => store.highest("clock", value))).toEqual([5, 5, 9]);
    store.setMark("clock", 2);
    expect(store.highest("clock", 1)).toBe(2);
    store.close();
  });
});

describe("a lock", () => {
  test("is held by one, and taken again after it was given back", () => {
    const first = takeLock(folder, "apply");
    expect(first).not.toBeNull();
    expect(takeLock(folder, "apply")).toBeNull();
    const other = takeLock(folder, "other");
    expect(other).not.toBeNull();
    first?.release();
    const again = takeLock(folder, "apply");
    expect(again).not.toBeNull();
    again?.release();
    other?.release();
  });
});

describe("a private file", () => {
  test("is replaced as a whole and leaves nothing beside it", () => {
    const path = join(folder, "secret");
    expect(readPrivate(path)).toBeUndefined();
    writePrivate(path, "one");
    writePrivate(path, "two");
    expect(readPrivate(path)).toBe("two");
    if (!windows) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => writePrivate(join(folder, "no", "where"), "x")).toThrow("ENOENT");
  });
});
