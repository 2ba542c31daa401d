import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { statementBytes } from "../../src/confirm/approval.ts";
import { createApprover } from "../../src/confirm/approver.ts";
import { assertAuthorised } from "../../src/confirm/authorised.ts";
import { canonical, sha256 } from "../../src/confirm/canonical.ts";
import type { Authorised } from "../../src/confirm/define.ts";
import { type Home, makeHome } from "../support/gate.ts";
import { dump, edit, expectRefused, rowOf } from "./intruder.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

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
    const copy = { planId: id, digest: rowOf(home, id).digest };
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
    edit(home, "UPDATE plans SET document = replace(document, 'blue', 'pink') WHERE id = ?", id);
    await expectRefused(home, id, token, "This plan was altered after it was stored.");
    expect(() => home.gate.get(id)).toThrow("altered");
    expect(() => home.gate.words(id)).toThrow("altered");
  });

  test("whose digest was changed along does not run under the approval of the other", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    const document = rowOf(home, id).document.replaceAll("blue", "pink");
    edit(home, "UPDATE plans SET document = ?, digest = ? WHERE id = ?", document, sha256(document), id);
    await expectRefused(home, id, token, "This plan was altered after it was stored.");
  });

  test("is not even approved when it was exchanged before", async () => {
    const id = await home.plan();
    const document = rowOf(home, id).document.replaceAll("blue", "pink");
    edit(home, "UPDATE plans SET document = ?, digest = ? WHERE id = ?", document, sha256(document), id);
    await expect(home.approve(id)).rejects.toThrow("This plan was altered after it was stored.");
  });

  test("that was put in from nowhere is not approved", async () => {
    const known = rowOf(home, await home.plan());
    const id = "p-aaaaaaaaaa";
    const document = canonical({ ...JSON.parse(known.document), plan_id: id, title: "Trust me" });
    edit(
      home,
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
      home,
      "UPDATE plans SET approval = ? WHERE id = ?",
      JSON.stringify(change(JSON.parse(rowOf(home, id).approval ?? ""))),
      id,
    );
    await expectRefused(home, id, token, NOT_GENUINE);
    expect(home.gate.get(id).status).toBe("void");
  });

  test("written by hand and signed with another key is none", async () => {
    const id = await home.plan();
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const said = {
      purpose: "home-steward approval 1" as const,
      plan_id: id,
      digest: rowOf(home, id).digest,
      token_hash: null,
      run: true,
      approved_at: home.clock.now(),
      expires_at: home.clock.now() + 300_000,
      surface: "page" as const,
    };
    const signature = sign(null, statementBytes(said), privateKey).toString("base64");
    edit(
      home,
      "UPDATE plans SET status = 'approved', approval = ? WHERE id = ?",
      JSON.stringify({ ...said, signature }),
      id,
    );
    await expectRefused(home, id, undefined, NOT_GENUINE);
    // Nothing in the database says whose key counts, so nothing there can be exchanged for one's own.
    const known = dump(home);
    expect(known).not.toContain(publicKey.export({ type: "spki", format: "der" }).toString("base64"));
    expect(known).not.toContain(JSON.parse(readFileSync(join(home.folder, "approver.json"), "utf8")).public_key);
  });

  test("of another plan is none", async () => {
    const [given, wanted] = [await home.plan(), await home.plan()];
    const token = await home.approve(given);
    edit(home, "UPDATE plans SET status = 'approved', approval = ? WHERE id = ?", rowOf(home, given).approval, wanted);
    await expectRefused(home, wanted, token, NOT_GENUINE);
  });

  test("without any does not run", async () => {
    const id = await home.plan();
    edit(home, "UPDATE plans SET status = 'approved' WHERE id = ?", id);
    await expectRefused(home, id, "ABCD-EFGH", "This plan cannot run: it is expired.");
  });

  test("by an approver who was replaced since is none", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    await createApprover(home.folder, "a whole new passphrase");
    await expectRefused(home, id, token, NOT_GENUINE);
    await expect(home.approve(await home.plan())).rejects.toThrow("This is not the key of this home's approver.");
  });
});
