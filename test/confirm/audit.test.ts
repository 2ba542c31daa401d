import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openAudit } from "../../src/confirm/audit.ts";
import { openStore } from "../../src/store/open.ts";
import { type Home, makeHome } from "../support/gate.ts";

const Sqlite: typeof Database = createRequire(import.meta.url)("better-sqlite3");
let home: Home;
beforeEach(async () => {
  home = await makeHome();
  await home.plan();
  await home.plan();
  await home.plan();
});
afterEach(() => home.close());

/** Somebody who can write the database, and knows how to take its rules off. */
function tamper(sql: string) {
  const raw = new Sqlite(join(home.folder, "steward.db"));
  raw.exec(`DROP TRIGGER audit_is_kept; DROP TRIGGER audit_is_whole; ${sql}`);
  raw.close();
}

function verify() {
  const store = openStore(home.folder);
  try {
    const { state, at } = openAudit(store, home.clock.now).verify();
    return `${state} ${at}`;
  } finally {
    store.close();
  }
}

const head = () => join(home.folder, "audit.head");

describe("audit verify", () => {
  test("finds nothing wrong with what the gate wrote", () => {
    expect(verify()).toBe("intact null");
  });

  test.each([
    [
      "an altered record",
      "UPDATE audit SET record = replace(record, 'change_lamp', 'innocent') WHERE seq = 2",
      "altered 2",
    ],
    [
      "an altered last record",
      "UPDATE audit SET record = replace(record, 'change_lamp', 'innocent') WHERE seq = 3",
      "altered 3",
    ],
    ["an altered column", "UPDATE audit SET at = at - 5 WHERE seq = 2", "altered 2"],
    ["a forged code", `UPDATE audit SET mac = '${"0".repeat(64)}' WHERE seq = 1`, "altered 1"],
    ["a record taken out", "DELETE FROM audit WHERE seq = 2", "altered 2"],
    ["the first records taken out", "DELETE FROM audit WHERE seq < 3", "altered 1"],
    ["a record put in", `INSERT INTO audit VALUES (4, 1, 'x', NULL, '{"seq":4}', '${"0".repeat(64)}')`, "torn 4"],
    ["the end cut off", "DELETE FROM audit WHERE seq = 3", "missing_tail 3"],
    ["all of it cut off", "DELETE FROM audit", "missing_tail 1"],
    ["a last record cut short", "UPDATE audit SET record = substr(record, 1, 40) WHERE seq = 3", "torn 3"],
    ["a last code cut short", "UPDATE audit SET mac = substr(mac, 1, 10) WHERE seq = 3", "torn 3"],
    ["a record cut short in the middle", "UPDATE audit SET record = substr(record, 1, 40) WHERE seq = 2", "altered 2"],
  ])("tells %s", (_what, sql, verdict) => {
    tamper(sql);
    expect(verify()).toBe(verdict);
  });

  test("notices a cut end behind a head that was set back by hand", () => {
    tamper("DELETE FROM audit WHERE seq = 3");
    writeFileSync(head(), readFileSync(head(), "utf8").replace('"seq":3', '"seq":2'));
    expect(verify).toThrow("the file audit.head was altered");
  });

  test.each(["audit.head", "gate.key"])("notices that %s is gone", (file) => {
    rmSync(join(home.folder, file));
    expect(verify).toThrow("The audit is damaged");
  });

  test("notices that the database was thrown away", () => {
    home.store.close();
    for (const end of ["", "-wal", "-shm"]) rmSync(join(home.folder, `steward.db${end}`), { force: true });
    expect(verify()).toBe("missing_tail 1");
  });
});

describe("with a damaged audit nothing goes on", () => {
  test.each([
    [
      "its end is missing",
      () => tamper("DELETE FROM audit WHERE seq = 3"),
      "The audit is damaged (the end of the audit",
    ],
    ["its head is gone", () => rmSync(head()), "The audit is damaged (the file audit.head is missing)"],
    [
      "its head cannot be read",
      () => writeFileSync(head(), "{"),
      "The audit is damaged (the file audit.head was altered)",
    ],
  ])("when %s", async (_what, damage, says) => {
    const waiting = home.gate.pending()[0]?.plan_id ?? "";
    damage();
    await expect(home.approve(waiting)).rejects.toThrow(says);
    await expect(home.plan()).rejects.toThrow(says);
    expect(home.gate.get(waiting).status).toBe("pending");
  });

  test("and the chain goes on where a crash left the head behind", async () => {
    const before = readFileSync(head(), "utf8");
    home.gate.cancel(home.gate.pending()[0]?.plan_id ?? "");
    writeFileSync(head(), before); // the record was kept, its head was not written any more
    expect(verify()).toBe("intact null");
    await home.plan();
    expect(verify()).toBe("intact null");
    expect(JSON.parse(readFileSync(head(), "utf8"))).toMatchObject({ seq: 5 });
  });
});
