import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createApprover } from "../../src/confirm/approver.ts";
import { canonical, sha256 } from "../../src/confirm/canonical.ts";
import { type Home, makeHome } from "../support/gate.ts";
import { lampProposal } from "../support/lamps.ts";
import { granted, grantProposal, lampGrant, use } from "../support/standing.ts";
import { edit, rowOf } from "./intruder.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

const hour = 3_600_000;

/** Nothing happened, and the audit has it. */
async function expectRefused(id: string, says: string, asked: Parameters<typeof use>[2] = {}) {
  home.lamps.happened.length = 0;
  await expect(use(home, id, asked)).rejects.toThrow(says);
  expect(home.lamps.happened).toEqual([]);
  expect(home.store.audit.lastOf("refused")?.record).toContain(says);
}

describe("who writes the database", () => {
  test("cannot widen a grant by changing its bytes", async () => {
    const id = await granted(home);
    edit(home, `UPDATE plans SET document = replace(document, '"attic"', '"cellar"') WHERE id = ?`, id);
    await expectRefused(id, "This plan was altered after it was stored.", { lamp: "cellar" });
  });

  test("nor by changing their digest along", async () => {
    const id = await granted(home);
    const document = rowOf(home, id).document.replaceAll('"attic"', '"cellar"');
    edit(home, "UPDATE plans SET document = ?, digest = ? WHERE id = ?", document, sha256(document), id);
    await expectRefused(id, "This standing approval is not genuine. It has ended.", { lamp: "cellar" });
    expect(home.gate.grants()).toMatchObject([{ state: "not_genuine" }]);
  });

  test("nor by putting the new digest into the approval, whose signature then fits no more", async () => {
    const id = await granted(home);
    const row = rowOf(home, id);
    const document = row.document.replaceAll('"attic"', '"cellar"');
    const approval = row.approval?.replace(row.digest, sha256(document)) ?? null;
    edit(
      home,
      "UPDATE plans SET document = ?, digest = ?, approval = ? WHERE id = ?",
      document,
      sha256(document),
      approval,
      id,
    );
    await expectRefused(id, "This standing approval is not genuine.", { lamp: "cellar" });
  });

  test("cannot make a plan that a person approved for once into a grant", async () => {
    const id = await home.plan();
    await home.apply(id, await home.approve(id));
    edit(home, "INSERT INTO grants (plan_id, granted_at) VALUES (?, ?)", id, home.clock.now());
    expect(home.gate.grants()).toEqual([]);
    home.lamps.set("hall", "red");
    await expectRefused(id, "There is no such standing approval.");
  });

  test("cannot let a grant hold that waits, was denied or did not come through", async () => {
    const id = await home.plan(grantProposal(lampGrant(home.clock.now())));
    await home.approve(id);
    edit(home, "UPDATE plans SET status = 'done' WHERE id = ?", id);
    edit(home, "INSERT INTO grants (plan_id, granted_at) VALUES (?, ?)", id, home.clock.now());
    await expectRefused(id, "There is no such standing approval.");
    // A record of its own making does not fit into the chain.
    const last = home.store.audit.last();
    const record = canonical({
      at: home.clock.now(),
      detail: {},
      event: "granted",
      plan_id: id,
      seq: (last?.seq ?? 0) + 1,
    });
    edit(
      home,
      "INSERT INTO audit (seq, at, event, plan_id, record, mac) VALUES (?, ?, 'granted', ?, ?, ?)",
      (last?.seq ?? 0) + 1,
      home.clock.now(),
      id,
      record,
      "0".repeat(64),
    );
    await expectRefused(id, "This standing approval is not genuine.");
  });

  test("cannot bring a revoked one back", async () => {
    const id = await granted(home);
    home.gate.revoke(id);
    edit(home, "UPDATE grants SET ended = NULL WHERE plan_id = ?", id);
    await expectRefused(id, "This standing approval has ended: revoked.");
    await granted(home, { action: "polish_lamps" });
    edit(home, "DELETE FROM audit WHERE event = 'grant_ended'");
    await expectRefused(id, "This standing approval is not genuine.");
  });

  test("cannot let an expired one hold longer", async () => {
    const id = await granted(home);
    await home.clock.advance(31 * 24 * hour);
    edit(home, "UPDATE plans SET document = replace(document, '2027-02-14', '2028-02-14') WHERE id = ?", id);
    await expectRefused(id, "This plan was altered after it was stored.");
  });

  test("cannot make room by taking the record of a use away, or by moving it into yesterday", async () => {
    const one = { limits: { max_per_day: 1, pause_s: 0, stop_after: 9 } };
    const id = await granted(home, one);
    await use(home, id);
    await granted(home, { ...one, action: "polish_lamps" });
    home.lamps.set("hall", "red");
    await expectRefused(id, "It was used as often as was granted.");
    edit(home, "UPDATE audit SET at = at - 90000000 WHERE event = 'used'");
    await expectRefused(id, "This standing approval is not genuine.");

    const other = await granted(home, { ...one, action: "dust_lamps" });
    await use(home, other, { lamp: "attic" });
    home.lamps.set("attic", "red");
    home.gate.setStopped(false, await home.signer(), "terminal"); // the chain goes on: its end is not what is missing
    edit(home, "DELETE FROM audit WHERE event = 'used' AND plan_id = ?", other);
    await expectRefused(other, "This standing approval is not genuine.", { lamp: "attic" });
  });

  test("cannot let a use run a second time", async () => {
    const id = await granted(home);
    const plan = (await use(home, id))?.plan_id ?? "";
    home.lamps.set("hall", "red");
    home.lamps.happened.length = 0;
    for (const status of ["running", "approved", "unknown"]) {
      edit(
        home,
        "UPDATE plans SET status = ?, results = NULL, recover_until = ? WHERE id = ?",
        status,
        home.clock.now() + hour,
        plan,
      );
      await home.apply(plan, "ABCD-EFGH").catch(() => {});
      await home.gate.recover();
    }
    expect(home.lamps.happened).toEqual([]);
  });

  test("cannot have a plan of its own put back as if it were an interrupted use", async () => {
    const id = await granted(home);
    const done = rowOf(home, (await use(home, id))?.plan_id ?? "");
    home.lamps.set("attic", "odd");
    home.lamps.happened.length = 0;
    const document = done.document.replaceAll("hall", "attic").replaceAll(done.id, "p-2222222222");
    edit(
      home,
      "INSERT INTO plans (id, document, digest, status, created_at, audit_seq) VALUES (?, ?, ?, 'running', ?, ?)",
      "p-2222222222",
      document,
      sha256(document),
      done.created_at,
      done.audit_seq,
    );
    await home.gate.recover();
    expect(home.gate.get("p-2222222222").status).toBe("unknown");
    expect(home.lamps.happened).toEqual([]);
  });
});

describe("who moves the clock", () => {
  test("back wins neither tries nor time, with the mark of the latest time taken away too", async () => {
    const id = await granted(home, { limits: { max_per_day: 1, pause_s: 0, stop_after: 9 } });
    await use(home, id);
    home.lamps.set("hall", "red");
    await home.clock.advance(hour);
    home.gate.setStopped(false, await home.signer(), "terminal");
    home.clock.setBack(2 * hour);
    edit(home, "DELETE FROM marks");
    await expectRefused(id, "The clock of this machine is behind what was recorded");
    await expectRefused(id, "The clock of this machine is behind what was recorded");
  });

  test("forward ends the grant the sooner", async () => {
    const id = await granted(home);
    home.clock.setBack(-31 * 24 * hour);
    await expectRefused(id, "This standing approval has ended: expired.");
    home.clock.setBack(31 * 24 * hour);
    await expectRefused(id, "This standing approval has ended: expired.");
  });
});

test("a new approver's key ends what the old one granted", async () => {
  const id = await granted(home);
  await createApprover(home.folder, "another passphrase altogether");
  await expectRefused(id, "This standing approval is not genuine.");
});

test("where the audit cannot be kept nothing is used", async () => {
  const id = await granted(home);
  rmSync(join(home.folder, "audit.head"));
  await expect(use(home, id)).rejects.toThrow("The audit is damaged");
  expect(home.lamps.happened).toEqual([]);
  expect(home.lamps.get("hall")).toBe("red");
});

test("a refusal never says how to get round it", async () => {
  const id = await granted(home, { limits: { max_per_day: 1, pause_s: 60, stop_after: 1 } });
  const said: string[] = [];
  const hear = async (asked: Parameters<typeof use>[2], grant = id) =>
    said.push(
      await use(home, grant, asked).then(
        () => "",
        (error) => `${error.message} ${error.fix}`,
      ),
    );
  await hear({ lamp: "cellar" });
  await hear({ input: {} });
  await hear({ proposal: lampProposal(["hall", "attic"]) });
  await hear({}, "p-2222222222");
  await use(home, id);
  home.lamps.set("hall", "red");
  await hear({});
  await hear({ fresh: true });
  home.gate.revoke(id);
  await hear({});
  expect(said.filter((line) => line === "")).toEqual([]);
  expect(said.join("\n")).not.toMatch(
    /signature|hash|sqlite|\.json|gate\.key|read_only|config|HOME_STEWARD|disable|instead|emergency|fresh/i,
  );
});
