import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { statementBytes } from "../../src/confirm/approval.ts";
import { createApprover } from "../../src/confirm/approver.ts";
import { assertAuthorised } from "../../src/confirm/authorised.ts";
import { canonical, sha256 } from "../../src/confirm/canonical.ts";
import type { Authorised } from "../../src/confirm/define.ts";
import { type Home, makeHome } from "../support/gate.ts";

const Sqlite: typeof Database = createRequire(import.meta.url)("better-sqlite3");
let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

/** Somebody who can write the database as they like. */
function edit(sql: string, ...values: (string | number | null)[]) {
  const raw = new Sqlite(join(home.folder, "steward.db"));
  for (const trigger of ["plans_keep_their_bytes", "journal_is_kept", "audit_is_kept", "audit_is_whole"])
    raw.exec(`DROP TRIGGER IF EXISTS ${trigger}`);
  raw.prepare(sql).run(...values);
  raw.close();
}

const rowOf = (id: string) => {
  const row = home.store.plans.get(id);
  if (!row) throw new Error("no such row");
  return row;
};

async function expectRefused(id: string, token: string | undefined, says: string) {
  await expect(home.apply(id, token)).rejects.toThrow(says);
  expect(home.lamps.happened).toEqual([]);
  expect(home.store.audit.lastOf("refused")?.record).toContain(says);
}

describe("a forged proof", () => {
  test("opens nothing, whatever it looks like", async () => {
    let real: Authorised | undefined;
    const { gate } = home.another({
      openChanges: (authorised) => {
        real = authorised;
        assertAuthorised(authorised);
        return home.lamps;
      },
    });
    const id = await home.plan();
    const token = await home.approve(id);
    await gate.apply(id, { token, signal: new AbortController().signal, progress: () => {} });
    expect(real).toMatchObject({ planId: id });
    const copy = { planId: id, digest: rowOf(id).digest };
    expect(() => assertAuthorised(copy)).toThrow("Nothing is changed without a person's approval.");
    expect(() => assertAuthorised({ ...real, ...copy })).toThrow();
    expect(() => assertAuthorised(structuredClone(copy))).toThrow();
    // The real one is worth nothing either once its plan has ended.
    expect(() => real && assertAuthorised(real)).toThrow();
  });

  test("is not even issued for a plan that nobody approved", async () => {
    const opened: Authorised[] = [];
    const { gate } = home.another({
      openChanges: (proof) => {
        opened.push(proof);
        return home.lamps;
      },
    });
    const id = await home.plan();
    const options = { signal: new AbortController().signal, progress: () => {} };
    await expect(gate.apply(id, { ...options, token: "ABCD-EFGH" })).rejects.toThrow();
    await gate.apply(id, options);
    expect(opened).toEqual([]);
  });
});

describe("an edited plan", () => {
  test("whose bytes were changed does not run, before or after its approval", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    edit("UPDATE plans SET document = replace(document, 'blue', 'pink') WHERE id = ?", id);
    await expectRefused(id, token, "This plan was altered after it was stored.");
    expect(() => home.gate.get(id)).toThrow("altered");
    expect(() => home.gate.words(id)).toThrow("altered");
  });

  test("whose digest was changed along does not run under the approval of the other", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    const document = rowOf(id).document.replaceAll("blue", "pink");
    edit("UPDATE plans SET document = ?, digest = ? WHERE id = ?", document, sha256(document), id);
    await expectRefused(id, token, "This plan was altered after it was stored.");
  });

  test("is not even approved when it was exchanged before", async () => {
    const id = await home.plan();
    const document = rowOf(id).document.replaceAll("blue", "pink");
    edit("UPDATE plans SET document = ?, digest = ? WHERE id = ?", document, sha256(document), id);
    await expect(home.approve(id)).rejects.toThrow("This plan was altered after it was stored.");
  });

  test("that was put in from nowhere is not approved", async () => {
    const known = rowOf(await home.plan());
    const id = "p-aaaaaaaaaa";
    const document = canonical({ ...JSON.parse(known.document), plan_id: id, title: "Trust me" });
    edit(
      "INSERT INTO plans (id, document, digest, status, created_at, audit_seq) VALUES (?, ?, ?, 'pending', ?, ?)",
      ...[id, document, sha256(document), known.created_at, known.audit_seq],
    );
    expect(home.gate.words(id).heading).toBe("Trust me");
    await expect(home.approve(id)).rejects.toThrow("This plan was altered after it was stored.");
  });
});

describe("an edited approval", () => {
  const NOT_GENUINE = "The approval of this plan is not genuine. The plan is void.";

  test.each([
    [
      "its time stretched",
      (said: Record<string, unknown>) => ({ ...said, expires_at: Number(said.expires_at) + 60_000 }),
    ],
    ["given later", (said: Record<string, unknown>) => ({ ...said, approved_at: Number(said.approved_at) + 60_000 })],
    ["'approve' made into 'approve and run'", (said: Record<string, unknown>) => ({ ...said, run: true })],
    ["another code's hash", (said: Record<string, unknown>) => ({ ...said, token_hash: "ab".repeat(32) })],
    ["another surface", (said: Record<string, unknown>) => ({ ...said, surface: "page" })],
    ["another signature", (said: Record<string, unknown>) => ({ ...said, signature: "AAAA" })],
  ])("with %s is none", async (_what, change) => {
    const id = await home.plan();
    const token = await home.approve(id);
    edit(
      "UPDATE plans SET approval = ? WHERE id = ?",
      JSON.stringify(change(JSON.parse(rowOf(id).approval ?? ""))),
      id,
    );
    await expectRefused(id, token, NOT_GENUINE);
    expect(home.gate.get(id).status).toBe("void");
  });

  test("written by hand and signed with another key is none", async () => {
    const id = await home.plan();
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const said = {
      purpose: "home-steward approval 1" as const,
      plan_id: id,
      digest: rowOf(id).digest,
      token_hash: null,
      run: true,
      approved_at: home.clock.now(),
      expires_at: home.clock.now() + 300_000,
      surface: "page" as const,
    };
    const signature = sign(null, statementBytes(said), privateKey).toString("base64");
    edit("UPDATE plans SET status = 'approved', approval = ? WHERE id = ?", JSON.stringify({ ...said, signature }), id);
    await expectRefused(id, undefined, NOT_GENUINE);
    // Nothing in the database says whose key counts, so nothing there can be exchanged for one's own.
    const raw = new Sqlite(join(home.folder, "steward.db"));
    const dump = JSON.stringify(
      ["plans", "journal", "audit", "marks"].map((t) => raw.prepare(`SELECT * FROM ${t}`).all()),
    );
    raw.close();
    expect(dump).not.toContain(publicKey.export({ type: "spki", format: "der" }).toString("base64"));
    expect(dump).not.toContain(JSON.parse(readFileSync(join(home.folder, "approver.json"), "utf8")).public_key);
  });

  test("of another plan is none", async () => {
    const [given, wanted] = [await home.plan(), await home.plan()];
    const token = await home.approve(given);
    edit("UPDATE plans SET status = 'approved', approval = ? WHERE id = ?", rowOf(given).approval, wanted);
    await expectRefused(wanted, token, NOT_GENUINE);
  });

  test("without any does not run", async () => {
    const id = await home.plan();
    edit("UPDATE plans SET status = 'approved' WHERE id = ?", id);
    await expectRefused(id, "ABCD-EFGH", "This plan cannot run: it is expired.");
  });

  test("by an approver who was replaced since is none", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    await createApprover(home.folder, "a whole new passphrase");
    await expectRefused(id, token, NOT_GENUINE);
    await expect(home.approve(await home.plan())).rejects.toThrow("This is not the key of this home's approver.");
  });
});

describe("a second time", () => {
  test("a code is used once", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    await home.apply(id, token);
    home.lamps.set("hall", "red");
    await expect(home.apply(id, token)).rejects.toThrow("This plan cannot run: it is done.");
    expect(home.lamps.happened).toHaveLength(3);
  });

  test.each([
    ["ran", async (id: string, token: string) => void (await home.apply(id, token))],
    ["was cancelled", async (id: string) => void home.gate.cancel(id)],
    ["was denied", async (id: string) => void home.gate.deny(id, await home.signer(), "page")],
  ])("a plan that %s does not run again when its row is set back", async (_what, end) => {
    const id = await home.plan();
    const token = await home.approve(id);
    await end(id, token);
    home.lamps.happened.length = 0;
    home.lamps.set("hall", "red");
    edit("UPDATE plans SET status = 'approved', results = NULL WHERE id = ?", id);
    await expectRefused(id, token, "The approval of this plan is not genuine. The plan is void.");
  });

  test("nor when the audit of it is taken away too", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    await home.apply(id, token);
    home.lamps.happened.length = 0;
    home.lamps.set("hall", "red");
    edit("UPDATE plans SET status = 'approved', results = NULL WHERE id = ?", id);
    edit("DELETE FROM audit WHERE event = 'started'");
    await expectRefused(id, token, "This plan was altered after it was stored.");
    edit("DELETE FROM audit WHERE event NOT IN ('proposed', 'approved')");
    await expect(home.apply(id, token)).rejects.toThrow("The audit is damaged");
    expect(home.lamps.happened).toEqual([]);
  });
});

describe("a code", () => {
  test("is nowhere in the state folder", async () => {
    const token = await home.approve(await home.plan());
    const raw = new Sqlite(join(home.folder, "steward.db"));
    const dump = JSON.stringify(
      ["plans", "journal", "audit", "marks"].map((t) => raw.prepare(`SELECT * FROM ${t}`).all()),
    );
    raw.close();
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(token.replace("-", ""));
  });

  test("belongs to its plan", async () => {
    const [first, second] = [await home.plan(), await home.plan()];
    const token = await home.approve(first);
    await home.approve(second);
    await expectRefused(second, token, "That is not the code of this plan.");
    expect((await home.apply(first, token)).status).toBe("done");
  });

  test("is not taught by a refusal", async () => {
    const id = await home.plan();
    await home.approve(id);
    const said = [
      await home.apply(id, "ABCD-EFGH").catch((error) => `${error.message} ${error.fix}`),
      await home.apply("p-aaaaaaaaaa", "x").catch((error) => `${error.message} ${error.fix}`),
      JSON.stringify(home.gate.get(id)),
    ].join("\n");
    expect(said).not.toMatch(
      /signature|hash|sqlite|approver\.json|gate\.key|read_only|config|HOME_STEWARD|disable|instead/i,
    );
  });
});

describe("the kill switch", () => {
  test("is not lifted by writing the database", async () => {
    home.gate.setStopped(true, await home.signer(), "page");
    const last = home.store.audit.last();
    edit(
      "INSERT INTO audit SELECT seq + 1, at, 'resumed', NULL, replace(record, 'stopped', 'resumed'), mac FROM audit WHERE seq = ?",
      last?.seq ?? 0,
    );
    expect(home.gate.stopped()).toBe(true);
  });
});

describe("an interrupted plan", () => {
  test("whose journal was edited is not put back by itself", async () => {
    home.lamps.before = (what) => {
      if (what === "does warm_up" || what.startsWith("stands")) throw new Error("gone");
    };
    const id = await home.plan();
    await home.apply(id, await home.approve(id));
    home.lamps.before = () => {};
    home.lamps.happened.length = 0;
    edit("UPDATE journal SET detail = replace(detail, 'empty', 'something else')");
    await home.gate.recover();
    expect(home.gate.get(id)).toMatchObject({ status: "unknown" });
    expect(home.gate.get(id).note).toContain("What is stored of this plan was altered");
    expect(home.lamps.happened).toEqual([]);
  });

  test("that never was approved is not put back either", async () => {
    const id = await home.plan();
    edit("UPDATE plans SET status = 'running' WHERE id = ?", id);
    home.lamps.set("hall", "odd");
    await home.gate.recover();
    expect(home.gate.get(id).status).toBe("unknown");
    expect(home.lamps.happened).toEqual([]);
  });
});

describe("every refusal", () => {
  test("is in the audit, and a store that cannot keep it refuses", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    await expectRefused(id, "AAAA-AAAA", "That is not the code of this plan.");
    rmSync(join(home.folder, "audit.head"));
    await expect(home.apply(id, token)).rejects.toThrow("The audit is damaged");
    expect(home.lamps.happened).toEqual([]);
  });
});
