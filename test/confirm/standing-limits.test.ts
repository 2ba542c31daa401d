import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { edit } from "../adversary/intruder.ts";
import { type Home, makeHome } from "../support/gate.ts";
import { lampProposal, lampUnit } from "../support/lamps.ts";
import { granted, use } from "../support/standing.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const events = (id: string) =>
  [...home.store.audit.from(1)].filter((row) => row.plan_id === id).map((row) => row.event);
const again = () => home.lamps.set("hall", "red");

describe("the limits", () => {
  test("uses run out, and come back after a day", async () => {
    const id = await granted(home, { limits: { max_per_day: 2, pause_s: 0, stop_after: 9 } });
    await use(home, id);
    again();
    await home.clock.advance(hour);
    await use(home, id);
    again();
    await expect(use(home, id, { lamp: "attic" })).rejects.toMatchObject({
      message: "It was used as often as was granted.",
      fix: "It may be tried again after 2027-01-16T12:00:00.000Z.",
    });
    expect(home.gate.grants()).toMatchObject([{ uses_left_today: 0 }]);
    await home.clock.advance(23 * hour);
    expect(await use(home, id)).toMatchObject({ status: "done" });
    again();
    await expect(use(home, id)).rejects.toThrow("It was used as often as was granted.");
  });

  test("the pause between two tries doubles, and after so many in a row the target is left alone", async () => {
    const id = await granted(home, { limits: { max_per_day: 50, pause_s: 60, stop_after: 5 } });
    for (const wait of [0, 1, 2, 4, 8]) {
      again();
      if (wait > 0) {
        await home.clock.advance(wait * minute - 1);
        await expect(use(home, id)).rejects.toThrow("It was tried a short while ago.");
        await home.clock.advance(1);
      }
      expect(await use(home, id)).toMatchObject({ status: "done" });
    }
    again();
    await home.clock.advance(day);
    await expect(use(home, id)).rejects.toThrow("It helped too often in a row, so this target is left alone.");
    expect(home.gate.grants()).toMatchObject([{ stopped_for: [{ kind: "lamp", host: "home", name: "hall" }] }]);
    // The others are still looked after, and a fresh trouble begins anew.
    expect(await use(home, id, { lamp: "attic" })).toMatchObject({ status: "done" });
    expect(await use(home, id, { fresh: true })).toMatchObject({ status: "done" });
    expect(home.gate.grants()).toMatchObject([{ stopped_for: [] }]);
    again();
    await home.clock.advance(minute);
    expect(await use(home, id)).toMatchObject({ status: "done" });
  });

  test("failed tries count like the others", async () => {
    const id = await granted(home, { limits: { max_per_day: 50, pause_s: 0, stop_after: 2 } });
    home.lamps.before = (what) => {
      if (what === "does put_in") throw new Error("the bulb broke");
    };
    await use(home, id);
    await use(home, id);
    await expect(use(home, id)).rejects.toThrow("It helped too often in a row");
  });

  test("all grants together may run as often in an hour as the owner allows people to, and take nothing from them", async () => {
    const id = await granted(home, { limits: { max_per_day: 50, pause_s: 0, stop_after: 50 } });
    for (let n = 0; n < 10; n++) {
      again();
      await use(home, id);
    }
    again();
    await expect(use(home, id)).rejects.toThrow(
      "Standing approvals were used as often as the owner allows in an hour.",
    );
    const plan = await home.plan();
    expect((await home.apply(plan, await home.approve(plan))).status).toBe("done");
    await home.clock.advance(hour);
    again();
    expect(await use(home, id)).toMatchObject({ status: "done" });
  });

  test("what stands against a use can be asked without leaving a record", async () => {
    const id = await granted(home);
    const hall = { kind: "lamp", host: "home", name: "hall" };
    const before = home.store.audit.last()?.seq;
    expect(home.gate.standing.obstacle(id, hall, false)).toBeUndefined();
    expect(home.gate.standing.obstacle("p-2222222222", hall, false)?.code).toBe("not_found");
    expect(home.store.audit.last()?.seq).toBe(before);
    await use(home, id);
    expect(home.gate.standing.obstacle(id, hall, false)?.message).toBe("It was tried a short while ago.");
  });
});

test("a list, too, does not believe a record that was altered", async () => {
  const id = await granted(home);
  await use(home, id);
  edit(home, "UPDATE audit SET at = at - 90000000 WHERE event = 'used'");
  expect(home.gate.grants()).toMatchObject([{ state: "not_genuine" }]);
});

describe("its end", () => {
  test("comes by itself", async () => {
    const id = await granted(home);
    await home.clock.advance(30 * day - 1);
    expect(await use(home, id)).toMatchObject({ status: "done" });
    again();
    await home.clock.advance(1);
    await expect(use(home, id)).rejects.toThrow("This standing approval has ended: expired.");
    expect(home.gate.grants()).toMatchObject([{ state: "expired" }]);
    expect(events(id)).toContain("grant_ended");
  });

  test("is written down when somebody looks", async () => {
    const id = await granted(home);
    await home.clock.advance(30 * day);
    home.gate.grants();
    home.gate.grants();
    expect(events(id).filter((event) => event === "grant_ended")).toHaveLength(1);
  });

  test("comes at once when it is revoked, by anybody, and once only", async () => {
    const id = await granted(home);
    expect(home.gate.revoke(id)).toMatchObject({ grant_id: id, state: "revoked" });
    await expect(use(home, id)).rejects.toThrow("This standing approval has ended: revoked.");
    expect(() => home.gate.revoke(id)).toThrow("This standing approval has ended already.");
    expect(() => home.gate.revoke("p-2222222222")).toThrow("There is no such standing approval.");
  });

  test("stops what runs under it before its next step, and that goes back", async () => {
    const id = await granted(home);
    home.lamps.before = (what) => {
      if (what === "does put_in") home.gate.revoke(id);
    };
    expect(await use(home, id)).toMatchObject({ status: "rolled_back" });
    expect(home.lamps.get("hall")).toBe("red");
  });

  test("of one for emergencies needs a person", async () => {
    const id = await granted(home, { emergency: true });
    expect(() => home.gate.revoke(id)).toThrow("only a person ends it");
    expect(home.gate.grants()).toMatchObject([{ state: "active" }]);
    expect(home.gate.revoke(id, { signer: await home.signer(), surface: "page" }).state).toBe("revoked");
  });
});

describe("the gate's own switches", () => {
  test("the kill switch stops every use, of emergencies too", async () => {
    const id = await granted(home, { emergency: true });
    home.gate.setStopped(true, await home.signer(), "terminal");
    await expect(use(home, id)).rejects.toThrow("A person has stopped all changes.");
    home.gate.setStopped(false, await home.signer(), "terminal");
    expect(await use(home, id)).toMatchObject({ status: "done" });
  });

  test("read_only stops every use; a grant can still be revoked", async () => {
    const id = await granted(home);
    const { gate } = home.another({ readOnly: true });
    await expect(use({ gate }, id)).rejects.toThrow("The owner has set this Home Steward to read only.");
    expect(gate.revoke(id).state).toBe("revoked");
  });

  test("without the approver's key there is no use", async () => {
    const id = await granted(home);
    const { rmSync } = await import("node:fs");
    rmSync(`${home.folder}/approver.json`);
    await expect(use(home, id)).rejects.toThrow();
    expect(home.lamps.happened).toEqual([]);
  });

  test("a lockout stops uses, but not in an emergency", async () => {
    const id = await granted(home);
    const urgent = await granted(home, { action: "shut_down", emergency: true });
    for (let plan = 0; plan < 5; plan++) {
      const wrong = await home.plan();
      for (let n = 0; n < 3; n++) await home.apply(wrong, "AAAA-AAAA").catch(() => {});
    }
    await expect(use(home, id)).rejects.toThrow("Too many wrong codes");
    expect(await use(home, urgent)).toMatchObject({ status: "done" });
  });

  test("one for emergencies cannot be used up", async () => {
    const id = await granted(home, { emergency: true, limits: { max_per_day: 1, pause_s: 60, stop_after: 1 } });
    for (let n = 0; n < 12; n++) {
      again();
      expect(await use(home, id)).toMatchObject({ status: "done" });
    }
  });

  test("a clock set back stops uses until it has caught up; a new approval begins anew", async () => {
    const id = await granted(home);
    home.clock.setBack(hour);
    await expect(use(home, id)).rejects.toThrow("The clock of this machine is behind what was recorded");
    const anew = await granted(home, { action: "polish_lamps" });
    expect(await use(home, anew)).toMatchObject({ status: "done" });
    again();
    await home.clock.advance(hour);
    expect(await use(home, id)).toMatchObject({ status: "done" });
  });
});

describe("a drill", () => {
  test("does everything but the change, and counts", async () => {
    const id = await granted(home, { drill: true, limits: { max_per_day: 1, pause_s: 0, stop_after: 5 } });
    expect(await use(home, id)).toBeNull();
    expect(home.lamps.happened).toEqual([]);
    expect(events(id).at(-1)).toBe("drilled");
    expect(home.gate.grants()).toMatchObject([
      { drill: true, uses_left_today: 0, last_uses: [{ name: "hall", plan_id: null, status: "drilled" }] },
    ]);
    await expect(use(home, id)).rejects.toThrow("It was used as often as was granted.");
  });

  test("refuses what the real one would refuse", async () => {
    const id = await granted(home, { drill: true });
    await expect(use(home, id, { lamp: "cellar" })).rejects.toThrow("has another target");
    home.lamps.set("hall", "yellow");
    await expect(use(home, id)).rejects.toThrow("What it was based on has changed meanwhile.");
    const odd = { ...lampProposal(), units: [{ ...lampUnit("hall", "blue"), basis: { shows: "yellow" }, steps: [] }] };
    await expect(use(home, id, { proposal: odd })).rejects.toThrow("units.0.steps does not fit");
  });
});
