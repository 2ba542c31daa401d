import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Home, makeHome } from "../support/gate.ts";
import { dump, edit, expectRefused } from "./intruder.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

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
    edit(home, "UPDATE plans SET status = 'approved', results = NULL WHERE id = ?", id);
    await expectRefused(home, id, token, "The approval of this plan is not genuine. The plan is void.");
  });

  test("nor when the audit of it is taken away too", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    await home.apply(id, token);
    home.lamps.happened.length = 0;
    home.lamps.set("hall", "red");
    edit(home, "UPDATE plans SET status = 'approved', results = NULL WHERE id = ?", id);
    edit(home, "DELETE FROM audit WHERE event = 'started'");
    await expectRefused(home, id, token, "This plan was altered after it was stored.");
    edit(home, "DELETE FROM audit WHERE event NOT IN ('proposed', 'approved')");
    await expect(home.apply(id, token)).rejects.toThrow("The audit is damaged");
    expect(home.lamps.happened).toEqual([]);
  });
});

describe("a code", () => {
  test("is nowhere in the state folder", async () => {
    const token = await home.approve(await home.plan());
    const known = dump(home);
    expect(known).not.toContain(token);
    expect(known).not.toContain(token.replace("-", ""));
  });

  test("belongs to its plan", async () => {
    const [first, second] = [await home.plan(), await home.plan()];
    const token = await home.approve(first);
    await home.approve(second);
    await expectRefused(home, second, token, "That is not the code of this plan.");
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
      home,
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
    edit(home, "UPDATE journal SET detail = replace(detail, 'empty', 'something else')");
    await home.gate.recover();
    expect(home.gate.get(id)).toMatchObject({ status: "unknown" });
    expect(home.gate.get(id).note).toContain("What is stored of this plan was altered");
    expect(home.lamps.happened).toEqual([]);
  });

  test("that never was approved is not put back either", async () => {
    const id = await home.plan();
    edit(home, "UPDATE plans SET status = 'running' WHERE id = ?", id);
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
    await expectRefused(home, id, "AAAA-AAAA", "That is not the code of this plan.");
    rmSync(join(home.folder, "audit.head"));
    await expect(home.apply(id, token)).rejects.toThrow("The audit is damaged");
    expect(home.lamps.happened).toEqual([]);
  });
});
