import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openAudit } from "../../src/confirm/audit.ts";
import type { Grant } from "../../src/confirm/define-standing.ts";
import { planText } from "../../src/confirm/words.ts";
import { type Home, makeHome } from "../support/gate.ts";
import { lampProposal } from "../support/lamps.ts";
import { granted, grantProposal, lampGrant, use } from "../support/standing.ts";

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

describe("a grant", () => {
  test("begins when its plan is done, and not before", async () => {
    const id = await home.plan(grantProposal(lampGrant(home.clock.now())));
    expect(home.gate.grants()).toEqual([]);
    await expect(use(home, id)).rejects.toThrow("There is no such standing approval.");
    const token = await home.approve(id);
    await expect(use(home, id)).rejects.toThrow("There is no such standing approval.");
    await home.apply(id, token);
    expect(home.gate.grants()).toMatchObject([
      { grant_id: id, state: "active", uses_left_today: 6, last_uses: [], stopped_for: [] },
    ]);
    expect(events(id).slice(-2)).toEqual(["ended", "granted"]);
  });

  test("does not begin when its plan did not come through", async () => {
    const id = await home.plan(grantProposal(lampGrant(home.clock.now())));
    home.lamps.before = (what) => {
      if (what === "does warm_up") throw new Error("no current");
    };
    expect((await home.apply(id, await home.approve(id))).status).toBe("rolled_back");
    expect(home.gate.grants()).toEqual([]);
  });

  test("does not begin when a person stopped its plan, even too late", async () => {
    const id = await home.plan(grantProposal(lampGrant(home.clock.now())));
    home.lamps.before = (what) => {
      if (what.startsWith("stands")) home.gate.cancel(id);
    };
    expect((await home.apply(id, await home.approve(id))).status).toBe("done");
    expect(home.gate.grants()).toEqual([]);
  });

  test("is read by the person in the gate's own words, from the stored bytes", async () => {
    const id = await home.plan(grantProposal(lampGrant(home.clock.now())));
    expect(home.gate.words(id).standing).toEqual([
      "Without asking again, until 2027-02-14 12:00 UTC: Change a lamp that burnt out.",
      "On: lamp hall on home, lamp attic on home.",
      "By these steps of change_lamp: take_out, put_in, warm_up.",
      'Always with to: "blue"',
      "At most 6 times in 24 hours. On one target: 60 s between two tries, doubled with every further one; after 5 times in a row it leaves that target alone.",
      "It can be ended at any time, on the approval page, in the terminal or by asking Claude; stopping everything stops it too.",
    ]);
    expect(planText(home.gate.words(id))).toContain("A standing approval\n  * Without asking again, until 2027-02-14");
  });

  test("says what is unusual about it", async () => {
    const terms = lampGrant(home.clock.now(), {
      emergency: true,
      drill: true,
      targets: [{ kind: "lamp", host: "home", name: "*" }],
      settings: {},
    });
    expect(home.gate.words(await home.plan(grantProposal(terms))).standing.slice(1)).toEqual([
      "On: every lamp on home.",
      "By these steps of change_lamp: take_out, put_in, warm_up.",
      "For emergencies: it cannot be used up.",
      "A drill: everything is done but the change itself.",
      "You can end it at any time, on the approval page or in the terminal; stopping everything stops it too.",
    ]);
  });

  test("lasts at the most as long as the owner allows", async () => {
    const until = (ms: number): Partial<Grant> => ({ until: new Date(home.clock.now() + ms).toISOString() });
    const plan = (more: Partial<Grant>) => home.plan(grantProposal(lampGrant(home.clock.now(), more)));
    await expect(plan(until(90 * day + 1))).rejects.toThrow(
      "The owner lets a standing approval hold for 90 days at the most.",
    );
    await expect(plan(until(0))).rejects.toThrow("This would end before it began.");
    await plan(until(90 * day));
  });

  test("is never for what destroys, nor for steps that its tool does not have", async () => {
    const plan = (more: object) => home.plan(grantProposal({ ...lampGrant(home.clock.now()), ...more }));
    await expect(plan({ risk: "destructive" })).rejects.toThrow("This cannot be planned: grant.risk does not fit.");
    await expect(plan({ steps: ["burn_down"] })).rejects.toThrow("The gate was not told");
    await expect(plan({ tool: "no_such_tool" })).rejects.toThrow("The gate was not told");
    await expect(plan({ targets: [] })).rejects.toThrow("grant.targets does not fit");
    await expect(plan({ limits: { max_per_day: 0, pause_s: 1, stop_after: 1 } })).rejects.toThrow("does not fit");
    await expect(plan({ says: "Ignore\nall this" })).rejects.toThrow("grant.says does not fit");
  });

  test("replaces an older one of the same action and targets", async () => {
    const first = await granted(home);
    const other = await granted(home, { action: "polish_lamps" });
    const second = await granted(home);
    expect(home.gate.grants().map(({ grant_id, state }) => [grant_id, state])).toEqual([
      [second, "active"],
      [other, "active"],
      [first, "replaced"],
    ]);
  });
});

describe("a use", () => {
  test("runs what was planned, without a token, and is recorded on both", async () => {
    const id = await granted(home);
    const plan = await use(home, id);
    expect(plan).toMatchObject({ status: "done", tool: "change_lamp", targets: [{ name: "hall" }] });
    expect(plan?.note).toBe(`Done, and proven by reading. It ran under the standing approval ${id}.`);
    expect(home.lamps.get("hall")).toBe("blue");
    expect(events(plan?.plan_id ?? "").filter((event) => !/^(does|ends)_/.test(event))).toEqual([
      "proposed",
      "started",
      "ended",
    ]);
    expect(events(id).slice(-2)).toEqual(["granted", "used"]);
    expect(home.gate.grants()).toMatchObject([
      { uses_left_today: 5, last_uses: [{ name: "hall", plan_id: plan?.plan_id, status: "done" }] },
    ]);
    expect(openAudit(home.store, home.clock.now).verify().state).toBe("intact");
  });

  test("fails and goes back like any plan", async () => {
    const id = await granted(home);
    home.lamps.before = (what) => {
      if (what === "does put_in") throw new Error("the bulb broke");
    };
    expect(await use(home, id)).toMatchObject({ status: "rolled_back" });
    expect(home.lamps.get("hall")).toBe("red");
  });

  test("can't be run a second time by apply_plan", async () => {
    const id = await granted(home);
    const plan = await use(home, id);
    again();
    await expect(home.apply(plan?.plan_id ?? "", "ABCD-EFGH")).rejects.toThrow("This plan cannot run: it is done.");
    home.store.plans.update(plan?.plan_id ?? "", { status: "approved" });
    await expect(home.apply(plan?.plan_id ?? "", "ABCD-EFGH")).rejects.toThrow();
    expect(home.lamps.get("hall")).toBe("red");
  });

  test.each<[string, Parameters<typeof use>[2], string]>([
    ["another target", { lamp: "cellar" }, "has another target"],
    ["two targets", { proposal: lampProposal(["hall", "attic"]) }, "touches more than one target"],
    ["other settings", { input: { to: "green" } }, "has other settings"],
    ["no settings", { input: {} }, "has other settings"],
    ["a higher risk", { proposal: lampProposal(["hall"], "blue", "destructive") }, "risks more than was granted"],
  ])("of %s is refused", async (_what, asked, why) => {
    const id = await granted(home);
    await expect(use(home, id, asked)).rejects.toThrow(`This plan ${why}; the standing approval does not allow that.`);
    expect(home.lamps.happened).toEqual([]);
    expect(events(id).at(-1)).toBe("refused");
  });

  test("of other steps, of another host or kind, or with a grant of its own is refused", async () => {
    const id = await granted(home, { steps: ["take_out"], settings: {} });
    await expect(use(home, id)).rejects.toThrow("has other steps");
    const [unit] = lampProposal().units;
    if (!unit) throw new Error("no unit");
    const at = (target: object) => ({ ...lampProposal(), units: [{ ...unit, target: { ...unit.target, ...target } }] });
    await expect(use(home, id, { proposal: at({ host: "garden" }) })).rejects.toThrow("has another target");
    await expect(use(home, id, { proposal: at({ kind: "bulb" }) })).rejects.toThrow("has another target");
    const grants = { ...lampProposal(), grant: lampGrant(home.clock.now()) };
    await expect(use(home, id, { proposal: grants })).rejects.toThrow("would grant something itself");
    expect(home.lamps.happened).toEqual([]);
  });

  test("covers every target of a host where that was granted", async () => {
    const id = await granted(home, { targets: [{ kind: "lamp", host: "home", name: "*" }] });
    expect(await use(home, id, { lamp: "attic" })).toMatchObject({ status: "done" });
    const [unit] = lampProposal().units;
    if (!unit) throw new Error("no unit");
    const elsewhere = { ...lampProposal(), units: [{ ...unit, target: { ...unit.target, host: "garden" } }] };
    await expect(use(home, id, { proposal: elsewhere })).rejects.toThrow("has another target");
  });

  test("is not run when the state has changed since it was planned", async () => {
    const id = await granted(home);
    home.lamps.set("hall", "yellow");
    await expect(use(home, id)).rejects.toThrow("What it was based on has changed meanwhile.");
    expect(home.lamps.happened).toEqual([]);
  });

  test("is refused once the tool takes other input than when it was granted", async () => {
    const id = await granted(home);
    const { changeLamp } = await import("../support/lamps.ts");
    const newer = { ...changeLamp, schemaHash: "1".repeat(64) };
    const { gate } = home.another({ actions: new Map([[newer.tool, newer]]) });
    await expect(use({ gate }, id)).rejects.toThrow("is of another tool, or of another version of it");
  });

  test("waits while another plan for the target waits for a person, or runs", async () => {
    const id = await granted(home);
    const waiting = await home.plan();
    await expect(use(home, id)).rejects.toThrow("Another plan for the same target waits or runs.");
    expect(await use(home, id, { lamp: "attic" })).toMatchObject({ status: "done" });
    home.gate.cancel(waiting);
    expect(await use(home, id)).toMatchObject({ status: "done" });
  });
});
