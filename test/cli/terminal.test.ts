import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { approve } from "../../src/cli/approve.ts";
import { auditVerify } from "../../src/cli/audit.ts";
import { setup } from "../../src/cli/setup.ts";
import { createGate, type GateService } from "../../src/confirm/gate.ts";
import { planText } from "../../src/confirm/words.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { lampGate, PASSPHRASE } from "../support/gate.ts";
import { type Lamps, lampProposal, lamps } from "../support/lamps.ts";
import { talk } from "./support/talk.ts";

const Sqlite: typeof Database = createRequire(import.meta.url)("better-sqlite3");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-terminal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("setup", () => {
  test("makes the approver's key from a passphrase that is not shown and not kept", async () => {
    const { code, said } = await talk(folder, setup, [], [PASSPHRASE, PASSPHRASE]);
    expect(code).toBe(0);
    expect(said).toContain("The approver's key is made (SHA256:");
    expect(said).not.toContain(PASSPHRASE);
    const file = readFileSync(join(folder, "approver.json"), "utf8");
    expect(file).not.toContain("horse");
    expect(JSON.parse(file)).toMatchObject({
      version: 1,
      scrypt: { N: 32_768, r: 8, p: 3 },
      cipher: { name: "aes-256-gcm" },
    });
    const store = openStore(folder);
    expect(store.audit.lastOf("approver_made")?.record).toContain("SHA256:");
    store.close();
  });

  test.each([
    ["is too short", ["short", "short"], "The passphrase is shorter than 12 characters."],
    ["differs the second time", [PASSPHRASE, `${PASSPHRASE}!`], 1],
  ])("makes none when it %s", async (_what, answers, ending) => {
    expect((await talk(folder, setup, [], answers)).code).toBe(ending);
    expect(() => readFileSync(join(folder, "approver.json"))).toThrow("ENOENT");
  });

  test("replaces an approver only when a person says so", async () => {
    await talk(folder, setup, [], [PASSPHRASE, PASSPHRASE]);
    const first = readFileSync(join(folder, "approver.json"), "utf8");
    const { code, said } = await talk(folder, setup, [], ["yes"]);
    expect([code, said]).toEqual([1, expect.stringContaining("Nothing was changed.")]);
    expect(readFileSync(join(folder, "approver.json"), "utf8")).toBe(first);
    expect((await talk(folder, setup, [], ["replace", PASSPHRASE, PASSPHRASE])).code).toBe(0);
    expect(readFileSync(join(folder, "approver.json"), "utf8")).not.toBe(first);
  });

  test("takes no passphrase from a pipe, an argument or a broken-off answer", async () => {
    expect((await talk(folder, setup, [], [PASSPHRASE, PASSPHRASE], false)).code).toContain(
      "needs a person at a terminal",
    );
    expect((await talk(folder, setup, ["--passphrase", PASSPHRASE], [])).code).toContain("--passphrase");
    expect((await talk(folder, setup, [], [PASSPHRASE])).code).toBe("It was broken off. Nothing was done.");
    expect(() => readFileSync(join(folder, "approver.json"))).toThrow("ENOENT");
  });
});

describe("approve", () => {
  let store: Store;
  let gate: GateService;
  let home: Lamps;
  beforeEach(async () => {
    await talk(folder, setup, [], [PASSPHRASE, PASSPHRASE]);
    store = openStore(folder);
    home = lamps();
    gate = createGate(lampGate(folder, store, home, systemClock));
  });
  afterEach(() => store.close());

  const plan = async (...like: Parameters<typeof lampProposal>) =>
    (await gate.propose("change_lamp", {}, lampProposal(...like))).plan_id;
  const apply = (id: string, token?: string) =>
    gate.apply(id, { ...(token && { token }), signal: new AbortController().signal, progress: () => {} });

  test("shows the plan's own words, and the code when the passphrase is right", async () => {
    const id = await plan();
    const { code, said } = await talk(folder, approve, [id], ["a", PASSPHRASE]);
    expect(code).toBe(0);
    expect(said).toContain(planText(gate.words(id)));
    expect(said).not.toContain(PASSPHRASE);
    const token = /The code is {2}([A-Z2-9]{4}-[A-Z2-9]{4})\n/.exec(said)?.[1];
    expect((await apply(id, token)).status).toBe("done");
  });

  test("approves and lets run, for the one plan that waits", async () => {
    const id = await plan();
    const { said } = await talk(folder, approve, [], ["r", PASSPHRASE]);
    expect(said).toContain("Approved: it runs as soon as Claude asks for it.");
    expect((await apply(id)).status).toBe("done");
  });

  test("understands the whole words as well", async () => {
    const id = await plan();
    expect((await talk(folder, approve, [id], ["Approve", PASSPHRASE])).said).toContain("Approved. The code is");
    expect(gate.get(id).status).toBe("approved");
  });

  test("lets choose among several, and denies", async () => {
    const [first, second] = [await plan(["hall"]), await plan(["attic"])];
    const { said } = await talk(folder, approve, [], ["2", "d", PASSPHRASE]);
    expect(said).toContain("1. Change lamp hall on home (disruptive,");
    expect([gate.get(first).status, gate.get(second).status]).toEqual(["pending", "denied"]);
  });

  test("asks for the target's name before something is destroyed", async () => {
    const id = await plan(["hall"], "blue", "destructive");
    expect((await talk(folder, approve, [id], ["a", "attic", PASSPHRASE])).code).toContain("was not typed");
    expect(gate.get(id).status).toBe("pending");
    expect((await talk(folder, approve, [id], ["a", "hall", PASSPHRASE])).code).toBe(0);
    expect(gate.get(id).status).toBe("approved");
  });

  test("decides nothing with a wrong passphrase, without an answer, or without a terminal", async () => {
    const id = await plan();
    expect((await talk(folder, approve, [id], ["a", "a wrong passphrase"])).code).toBe("The passphrase is wrong.");
    expect((await talk(folder, approve, [id], [""])).said).toContain("Nothing was decided.");
    expect((await talk(folder, approve, [id], ["a", PASSPHRASE], false)).code).toContain(
      "needs a person at a terminal",
    );
    expect((await talk(folder, approve, [id, "--stop"], [])).code).toBe("One plan, or --stop, or --resume.");
    expect(gate.get(id).status).toBe("pending");
  });

  test("says so when nothing waits", async () => {
    expect((await talk(folder, approve, [], [])).said).toContain("No plan waits for you.");
  });

  test("is the kill switch, too", async () => {
    await talk(folder, approve, ["--stop"], [PASSPHRASE]);
    expect(gate.stopped()).toBe(true);
    await expect(plan()).rejects.toThrow("A person has stopped all changes.");
    await talk(folder, approve, ["--resume"], [PASSPHRASE]);
    expect(gate.stopped()).toBe(false);
  });
});

describe("audit verify", () => {
  test("says that all is well, or where it is not, by its exit code too", async () => {
    await talk(folder, setup, [], [PASSPHRASE, PASSPHRASE]);
    expect(await talk(folder, auditVerify, [], [])).toMatchObject({
      code: 0,
      said: "intact: 1 records, each as it was written.\n",
    });
    const raw = new Sqlite(join(folder, "steward.db"));
    raw.exec("DROP TRIGGER audit_is_whole; DELETE FROM audit");
    raw.close();
    expect(await talk(folder, auditVerify, [], [])).toMatchObject({
      code: 1,
      said: "missing tail: The audit ends at 0; it had reached 1 once.\n",
    });
  });
});
