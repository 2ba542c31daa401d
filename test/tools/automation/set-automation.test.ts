import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type CrashingHouse, openCrashingHouse } from "./crashing-house.ts";

let house: CrashingHouse;
beforeEach(async () => {
  house = await openCrashingHouse();
});
afterEach(() => house.close());

const allow = { action: "restart_crashed", containers: ["web"] };
const list = async (args = {}) => {
  const { structured, text } = await house.call("get_automations", args);
  return { ...z.object({ automations: z.array(z.looseObject({})) }).parse(structured), text };
};

describe("set_automation", () => {
  test("plans a standing approval that a person reads in plain words", async () => {
    house.run("web");
    const plan = await house.plan("set_automation", { ...allow, days: 7, max_per_day: 3 });
    expect(plan).toMatchObject({
      title: "Allow restart_crashed on nas",
      status: "pending",
      risk: "disruptive",
      targets: [{ kind: "automation", host: "nas", name: "restart_crashed" }],
      changes: [
        "Start a container that crashed: done by itself from now on",
        "until 2027-01-22, at most 3 times a day, on container web on nas",
      ],
    });
    expect(house.gate.words(plan.plan_id).standing).toEqual([
      "Without asking again, until 2027-01-22 12:00 UTC: Start a container that crashed.",
      "On: container web on nas.",
      "By these steps of control_container: start.",
      "At most 3 times in 24 hours. On one target: 60 s between two tries, doubled with every further one; after 5 times in a row it leaves that target alone.",
      "It can be ended at any time, on the approval page, in the terminal or by asking Claude; stopping everything stops it too.",
    ]);
    expect((await list()).automations).toEqual([]);
  });

  test("holds for thirty days where nothing is said, and for every container of every host with *", async () => {
    const id = await house.allow();
    expect(house.gate.grants()).toMatchObject([
      { grant_id: id, until: "2027-02-14T12:00:00.000Z", targets: [{ kind: "container", host: "nas", name: "*" }] },
    ]);
  });

  test("says what is missing or not there", async () => {
    await expect(house.call("set_automation", {})).rejects.toThrow("What is to be allowed, and for which containers?");
    await expect(house.call("set_automation", { action: "restart_crashed" })).rejects.toThrow("What is to be allowed");
    await expect(house.call("set_automation", allow)).rejects.toMatchObject({ code: "not_found" });
    await expect(house.call("set_automation", { ...allow, action: "burn_down" })).rejects.toThrow();
    await expect(house.call("set_automation", { ...allow, host: "attic" })).rejects.toMatchObject({
      code: "not_configured",
    });
    house.run(
      "ix-plex-plex-1",
      undefined,
      {},
      {
        "com.docker.compose.project": "ix-plex",
        "com.docker.compose.project.working_dir": "/mnt/.ix-apps/app_configs/plex",
      },
    );
    await expect(house.call("set_automation", { ...allow, containers: ["ix-plex-plex-1"] })).rejects.toMatchObject({
      code: "unsupported",
    });
  });

  test("ends one at once, without a plan and a person", async () => {
    house.run("web");
    const id = await house.allow({ containers: ["web"] });
    const { structured, text } = await house.call("set_automation", { revoke: id });
    expect(structured).toMatchObject({
      plan_id: id,
      status: "done",
      note: "This standing approval has ended: revoked.",
    });
    expect(text).toContain("This standing approval has ended: revoked.");
    await expect(house.call("set_automation", { revoke: id })).rejects.toThrow("has ended already");
    await expect(house.call("set_automation", { revoke: "p-2222222222" })).rejects.toMatchObject({ code: "not_found" });
    await expect(house.call("set_automation", { revoke: "x" })).rejects.toThrow();
  });

  test("revokes or plans, never both", async () => {
    house.run("web");
    const id = await house.allow({ containers: ["web"] });
    await expect(house.call("set_automation", { ...allow, revoke: id })).rejects.toMatchObject({
      fix: "Use revoke alone.",
    });
    expect(house.gate.grants()).toMatchObject([{ state: "active" }]);
  });

  test("a drill says so in its title", async () => {
    house.run("web");
    expect((await house.plan("set_automation", { ...allow, drill: true })).title).toBe("Drill restart_crashed on nas");
  });
});

describe("get_automations", () => {
  test("says so when nothing is allowed", async () => {
    expect(await list()).toEqual({ automations: [], text: "Nothing is allowed to happen by itself." });
  });

  test("tells what is allowed, what happened and what is left alone", async () => {
    house.run("web", { code: 1, oom: false, after_ms: 1_000 });
    const id = await house.allow({ containers: ["web"], max_per_day: 9 });
    await house.watch(16);
    const { automations, text } = await list();
    expect(automations).toMatchObject([
      {
        grant_id: id,
        action: "restart_crashed",
        state: "active",
        targets: [{ kind: "container", host: "nas", name: "web" }],
        uses_left_today: 4,
        max_per_day: 9,
        stopped_for: [{ kind: "container", host: "nas", name: "web" }],
      },
    ]);
    expect(text).toBe(
      `- restart_crashed (${id}): active, for container web on nas; until 2027-02-14T12:00:00.000Z; 4 of 9 uses left today; ` +
        "last: web at 2027-01-15T12:15:30.000Z, done; left alone after 5 tries in a row: container web on nas",
    );
  });

  test("leaves those that are over out, unless asked", async () => {
    const id = await house.allow();
    house.gate.revoke(id);
    expect((await list()).automations).toEqual([]);
    expect((await list({ ended: true })).automations).toMatchObject([{ grant_id: id, state: "revoked" }]);
  });
});
