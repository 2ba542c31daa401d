import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Gate } from "../../../src/confirm/define.ts";
import type { ToolContext } from "../../../src/tools/define.ts";
import { applyPlan } from "../../../src/tools/gate/apply-plan.ts";
import { getPlan } from "../../../src/tools/gate/get-plan.ts";
import { type Home, makeHome } from "../../support/gate.ts";
import { noSystems } from "../../support/no-systems.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

const context = (gate: Gate): ToolContext => ({
  systems: noSystems,
  settings: { bandwidthAlerts: [], update: { health_timeout_s: 1, settle_s: 1 } },
  clock: home.clock,
  signal: new AbortController().signal,
  gate,
  progress: () => {},
});

describe("get_plan", () => {
  const get = (args: unknown) => getPlan.call(args, context(home.gate));

  test("lists what waits, and where a person approves it", async () => {
    expect((await get({})).text).toBe("No plan waits or runs.");
    const id = await home.plan();
    const { structured, text } = await get({});
    expect(structured).toMatchObject({
      plans: [
        {
          plan_id: id,
          status: "pending",
          approve: { url: `http://127.0.0.1:8471/plans/${id}`, command: `home-steward approve ${id}` },
        },
      ],
    });
    expect(text).toBe(
      [
        "Change lamp hall on home: pending. Nothing has changed. It waits for a person until 2027-01-15T12:10:00.000Z.",
        "- bulb: red → blue",
        "! It is dark for a moment.",
        "Undo: The old bulb is put back.",
        `A person approves it at http://127.0.0.1:8471/plans/${id} or with: home-steward approve ${id}`,
      ].join("\n"),
    );
  });

  test("follows one to its end, and says nothing of a way to approve then", async () => {
    const id = await home.plan();
    await home.apply(id, await home.approve(id));
    const { structured } = await get({ plan_id: id });
    expect(structured).toMatchObject({ plans: [{ status: "done", results: [{ outcome: "done" }] }] });
    expect(JSON.stringify(structured)).not.toContain("home-steward approve");
  });

  test("withdraws one", async () => {
    const id = await home.plan();
    expect((await get({ plan_id: id, cancel: true })).structured).toMatchObject({ plans: [{ status: "cancelled" }] });
  });

  test.each([
    ["no plan's name", { plan_id: "p-1' OR 1=1" }],
    ["an unknown key", { confirm: true }],
  ])("refuses %s", async (_what, args) => {
    await expect(get(args)).rejects.toThrow();
  });

  test("does not know a plan that there is not", async () => {
    await expect(get({ plan_id: "p-aaaaaaaaaa" })).rejects.toThrow("There is no such plan.");
  });
});

describe("apply_plan", () => {
  const apply = (args: unknown) => applyPlan.call(args, context(home.gate));

  test("runs a plan with the person's code", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    const { structured, text } = await apply({ plan_id: id, token });
    expect(structured).toMatchObject({ status: "done" });
    expect(text).toBe(
      "Change lamp hall on home: done. Done, and proven by reading.\n- hall on home: done. It shows blue.",
    );
  });

  test("waits so long for the person", async () => {
    const id = await home.plan();
    const call = apply({ plan_id: id, wait_s: 10 });
    await home.clock.advance(5_000);
    await home.approve(id, { run: true });
    await home.clock.advance(500);
    expect((await call).structured).toMatchObject({ status: "done" });
  });

  test("takes the handle and the code and nothing else", async () => {
    const id = await home.plan();
    await expect(apply({ plan_id: id, confirm: true })).rejects.toThrow();
    await expect(apply({ plan_id: id, wait_s: 51 })).rejects.toThrow();
    expect(home.lamps.happened).toEqual([]);
  });
});
