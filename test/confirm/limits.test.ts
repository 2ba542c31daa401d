import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/confirm/limits.ts";
import { type Home, makeHome, PASSPHRASE } from "../support/gate.ts";
import { lampProposal, lampUnit } from "../support/lamps.ts";

const minutes = (count: number) => count * 60_000;
let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

/** Three wrong codes for a fresh plan. */
async function voidOne() {
  const id = await home.plan();
  for (let tries = 0; tries < 3; tries++) await expect(home.apply(id, "AAAA-AAAA")).rejects.toThrow("not the code");
  return id;
}

describe("time", () => {
  test("a plan is approved within ten minutes, or not at all", async () => {
    const [last, late] = [await home.plan(), await home.plan()];
    await home.clock.advance(minutes(10) - 1);
    await home.approve(last);
    await home.clock.advance(1);
    expect(home.gate.get(late).status).toBe("expired");
    expect(home.gate.pending().map(({ plan_id }) => plan_id)).toEqual([last]);
    await expect(home.approve(late)).rejects.toThrow("This plan has expired. Nothing has changed.");
  });

  test("an approval holds for five minutes", async () => {
    const [last, late] = [await home.plan(), await home.plan()];
    const tokens = [await home.approve(last), await home.approve(late)];
    await home.clock.advance(minutes(5) - 1);
    expect((await home.apply(last, tokens[0])).status).toBe("done");
    await home.clock.advance(1);
    await expect(home.apply(late, tokens[1])).rejects.toThrow("This plan cannot run: it is expired.");
  });

  test("a clock set back expires what waits, and what comes after is judged by the new time", async () => {
    const [waiting, approved] = [await home.plan(), await home.plan()];
    const token = await home.approve(approved);
    await home.clock.advance(minutes(4));
    home.clock.setBack(minutes(3));
    await expect(home.apply(approved, token)).rejects.toThrow("This plan cannot run: it is expired.");
    expect(home.gate.get(waiting)).toMatchObject({
      status: "expired",
      note: "The clock was set back while it waited.",
    });
    const fresh = await home.plan();
    expect((await home.apply(fresh, await home.approve(fresh))).status).toBe("done");
  });

  test("a clock set back is noticed by a process that was not there before", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    home.clock.setBack(minutes(1));
    expect(() => home.another().gate.cancel(id)).toThrow("This plan is expired already.");
    await expect(home.apply(id, token)).rejects.toThrow("This plan cannot run: it is expired.");
    expect(home.store.audit.lastOf("clock_set_back")).toBeDefined();
  });

  test("a small correction is no setting back", async () => {
    const id = await home.plan();
    home.clock.setBack(1_500);
    expect((await home.apply(id, await home.approve(id))).status).toBe("done");
  });

  test("a clock that was never set refuses everything", async () => {
    home.clock.setBack(home.clock.now() - Date.UTC(1970, 0, 2));
    await expect(home.plan()).rejects.toThrow("The clock of this machine is not set");
  });
});

describe("wrong codes", () => {
  test("three of them void the plan, the right one comes too late", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    for (let tries = 0; tries < 2; tries++)
      await expect(home.apply(id, "AAAA-AAAA")).rejects.toThrow("That is not the code of this plan.");
    await expect(home.apply(id, "")).rejects.toThrow("After three wrong ones it is void.");
    expect(home.gate.get(id).status).toBe("void");
    await expect(home.apply(id, token)).rejects.toThrow("This plan cannot run: it is void.");
  });

  test("two of them do not", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    for (let tries = 0; tries < 2; tries++) await expect(home.apply(id, "AAAA-AAAA")).rejects.toThrow();
    expect((await home.apply(id, token)).status).toBe("done");
  });

  test("count before a person has approved, too", async () => {
    expect(home.gate.get(await voidOne()).status).toBe("void");
  });

  test("five voided plans in an hour lock everything for half an hour", async () => {
    const waiting = await home.plan();
    for (let plans = 0; plans < 4; plans++) await voidOne();
    await home.approve(await home.plan());
    await voidOne();
    const locked = "Too many wrong codes: changes are locked for another 30 min.";
    await expect(home.plan()).rejects.toThrow(locked);
    await expect(home.approve(waiting)).rejects.toThrow(locked);
    await expect(home.apply(waiting, "AAAA-AAAA")).rejects.toThrow(locked);
    await home.clock.advance(minutes(30) - 1);
    await expect(home.plan()).rejects.toThrow("locked for another 1 min");
    await home.clock.advance(1);
    await home.plan();
  });

  test("four in an hour and one later do not", async () => {
    for (let plans = 0; plans < 4; plans++) await voidOne();
    await home.clock.advance(minutes(60));
    await voidOne();
    await home.plan();
  });
});

describe("how much at once", () => {
  test("three plans wait at the most; one that is decided makes room", async () => {
    const [first] = [await home.plan(), await home.plan(), await home.plan()];
    await expect(home.plan()).rejects.toThrow("3 plans wait for a person already.");
    home.gate.cancel(first);
    await home.plan();
    await expect(home.plan()).rejects.toThrow("3 plans wait for a person already.");
    await home.clock.advance(minutes(10));
    await home.plan();
  });

  test("ten plans run in an hour at the most", async () => {
    for (let runs = 0; runs < 10; runs++) {
      home.lamps.set("hall", "red");
      const id = await home.plan();
      expect((await home.apply(id, await home.approve(id))).status).toBe("done");
    }
    home.lamps.set("hall", "red");
    const id = await home.plan();
    const token = await home.approve(id);
    await expect(home.apply(id, token)).rejects.toThrow("10 plans were run within the last hour");
    await home.clock.advance(minutes(60));
    const later = await home.plan();
    expect((await home.apply(later, await home.approve(later))).status).toBe("done");
  });

  test.each([
    [
      "containers",
      { containers: 11, files: 0, bytes: 0 },
      "This would touch 11 containers; the owner allows 10 a plan.",
    ],
    [
      "files",
      { containers: 0, files: 100_001, bytes: 0 },
      "This would touch 100001 files; the owner allows 100000 a plan.",
    ],
    ["bytes", { containers: 0, files: 0, bytes: 1e12 + 1 }, "This would touch 1000000000001 bytes"],
  ])("the owner's cap of %s holds", async (_what, blast, says) => {
    await expect(home.plan({ ...lampProposal(), blast })).rejects.toThrow(says);
  });

  test("containers are counted, whatever the plan says of itself", async () => {
    const names = Array.from({ length: 11 }, (_, at) => `box${at}`);
    const units = names.map((name) => {
      const unit = lampUnit(name, "blue");
      return { ...unit, target: { ...unit.target, kind: "container" } };
    });
    await expect(home.plan({ ...lampProposal(), units })).rejects.toThrow("This would touch 11 containers");
  });

  test("the owner's own limits count", async () => {
    const tight = home.another({ limits: { ...defaultLimits, max_pending: 1, approve_within_s: 60 } }).gate;
    const { expires_at } = await tight.propose("change_lamp", {}, lampProposal());
    expect(expires_at).toBe("2027-01-15T12:01:00.000Z");
    await expect(tight.propose("change_lamp", {}, lampProposal())).rejects.toThrow("1 plans wait");
  });
});

describe("passphrases", () => {
  test("three wrong ones are free, then each doubles the wait; a right one ends it", async () => {
    const tryOne = (passphrase: string) => home.gate.unlock(passphrase, "page");
    for (let tries = 0; tries < 3; tries++) await expect(tryOne("wrong")).rejects.toThrow("The passphrase is wrong.");
    await expect(tryOne(PASSPHRASE)).rejects.toThrow("Too many wrong passphrases.");
    await home.clock.advance(5_000);
    await expect(tryOne("wrong")).rejects.toThrow("The passphrase is wrong.");
    await home.clock.advance(9_999);
    await expect(home.another().gate.unlock(PASSPHRASE, "terminal")).rejects.toThrow("Too many wrong passphrases.");
    await home.clock.advance(1);
    const signer = await tryOne(PASSPHRASE);
    await expect(tryOne("wrong")).rejects.toThrow("The passphrase is wrong.");
    expect(signer.sign(new Uint8Array([1]))).toHaveLength(64);
    signer.lock();
    expect(() => signer.sign(new Uint8Array([1]))).toThrow("The approver's key was closed.");
  });
});
