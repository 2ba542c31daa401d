import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StewardError, Untouched } from "../../src/shared/errors.ts";
import { type Home, makeHome } from "../support/gate.ts";
import { broken, lampProposal } from "../support/lamps.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

describe("when a step fails", () => {
  test("its unit goes back in reverse and is proven to be as before", async () => {
    home.lamps.before = (what) => {
      if (what === "does warm_up") throw broken();
    };
    const id = await home.plan();
    const view = await home.apply(id, await home.approve(id));
    expect(view.status).toBe("rolled_back");
    expect(view.results?.[0]?.why).toBe("The ladder broke. Get another one. Now as before: It shows red.");
    expect(home.lamps.happened).toEqual([
      "does take_out",
      "does put_in",
      "undoes warm_up",
      "undoes put_in",
      "undoes take_out",
    ]);
    expect(home.lamps.get("hall")).toBe("red");
  });

  test("what it found to be somebody else's, and left alone, is not taken back", async () => {
    home.lamps.before = (what) => {
      if (what !== "does put_in") return;
      home.lamps.set("hall", "theirs");
      throw new Untouched("conflict", "Somebody put one in.", "Look whose it is.");
    };
    const id = await home.plan();
    const view = await home.apply(id, await home.approve(id));
    expect(view.results?.[0]?.why).toMatch(/^Somebody put one in\. Look whose it is\. /);
    expect(home.lamps.happened).toEqual(["does take_out", "undoes take_out"]);
  });

  test("nothing began where that was its first step", async () => {
    home.lamps.before = (what) => {
      if (what === "does take_out") throw new Untouched("conflict", "Somebody has it.", "Ask them.");
    };
    const id = await home.plan();
    const view = await home.apply(id, await home.approve(id));
    expect(view.results?.[0]).toMatchObject({ outcome: "not_started", why: "Somebody has it. Ask them." });
    expect(home.lamps.happened).toEqual([]);
  });

  test("a proof that fails counts as a failure", async () => {
    home.lamps.before = (what) => {
      if (what === "stands hall" && home.lamps.get("hall") === "blue") home.lamps.set("hall", "green");
    };
    const id = await home.plan();
    const view = await home.apply(id, await home.approve(id));
    expect(view.results?.[0]?.why).toBe("The proof failed: It shows green. Now as before: It shows red.");
    expect(view.status).toBe("rolled_back");
  });

  test("a system that is silent in the moment of the proof is asked again, and nothing is taken back", async () => {
    const asked = Promise.withResolvers<void>();
    let silent = true;
    home.lamps.before = (what) => {
      if (what !== "stands hall" || !silent) return;
      silent = false;
      asked.resolve();
      throw new StewardError("unreachable", "The hall does not answer.", "Wait for it.");
    };
    const id = await home.plan();
    const applied = home.apply(id, await home.approve(id));
    await asked.promise;
    await new Promise(setImmediate);
    await home.clock.advance(500);
    expect((await applied).status).toBe("done");
    expect(home.lamps.happened).toEqual(["does take_out", "does put_in", "does warm_up"]);
  });

  test("'rolled back' is never said without the proof", async () => {
    home.lamps.before = (what) => {
      if (what === "does warm_up" || what === "undoes take_out") throw broken();
    };
    const id = await home.plan();
    const view = await home.apply(id, await home.approve(id));
    expect(view.status).toBe("failed");
    expect(view.results?.[0]?.why).toContain("Now: It shows empty.");
  });

  test("it is unknown when it cannot be read, and known when it can be again", async () => {
    home.lamps.before = (what) => {
      if (what === "does warm_up") throw broken();
      if (what.startsWith("stands")) throw new Error("no eyes");
    };
    const id = await home.plan();
    expect((await home.apply(id, await home.approve(id))).status).toBe("unknown");
    expect(await home.gate.recover()).toEqual({ unknown: 1 });
    home.lamps.before = () => {};
    expect(await home.gate.recover()).toEqual({ unknown: 0 });
    expect(home.gate.get(id).status).toBe("rolled_back");
  });

  test("later targets are not started, and what was done stays done", async () => {
    home.lamps.before = (what) => {
      if (what === "does put_in" && home.lamps.get("hall") === "blue") throw broken();
    };
    const id = await home.plan(lampProposal(["hall", "attic", "cellar"]));
    const view = await home.apply(id, await home.approve(id));
    expect(view.status).toBe("failed");
    expect(view.results?.map(({ outcome }) => outcome)).toEqual(["done", "rolled_back", "not_started"]);
    expect(["hall", "attic", "cellar"].map(home.lamps.get)).toEqual(["blue", "red", "red"]);
  });
});

describe("what is read and said while it runs", () => {
  test("is cleaned and cut: a proof may quote what came from outside", async () => {
    const id = await home.plan();
    home.lamps.before = (what) => {
      if (what === "stands hall") home.lamps.set("hall", `\u001b[31mgreen\u202E\n${"x".repeat(2_000)}`);
      if (what === "undoes take_out") throw broken();
    };
    const view = await home.apply(id, await home.approve(id));
    expect(view.results?.[0]?.why).toMatch(/^The proof failed: It shows green x+…$/);
    expect(view.results?.[0]?.why).toHaveLength(1_000);
  });
});

describe("after a crash", () => {
  test("a process that lacks the tool leaves the plan to one that has it", async () => {
    home.lamps.before = (what) => {
      if (what.startsWith("stands") || what === "does put_in") throw new Error("gone");
    };
    const id = await home.plan();
    expect((await home.apply(id, await home.approve(id))).status).toBe("unknown");
    home.lamps.before = () => {};
    home.lamps.set("hall", "empty");
    expect(await home.another({ actions: new Map() }).gate.recover()).toEqual({ unknown: 1 });
    expect(home.gate.get(id).note).toContain("another version of its tool, or by one that is not configured here");
    expect(await home.another({ readOnly: true }).gate.recover()).toEqual({ unknown: 1 });
    expect(home.gate.get(id).results?.[0]?.why).toContain("this one may only read");
    expect(home.lamps.get("hall")).toBe("empty");
    expect(await home.gate.recover()).toEqual({ unknown: 0 });
    expect(home.gate.get(id)).toMatchObject({
      status: "rolled_back",
      note: "It failed. Everything is as it was before, proven by reading.",
    });
    expect(home.lamps.get("hall")).toBe("red");
  });

  test("what a step found to be somebody else's is not taken back later either", async () => {
    home.lamps.before = (what) => {
      if (what === "does put_in") throw new Untouched("conflict", "Somebody put one in.", "Look whose it is.");
      if (what.startsWith("stands")) throw new Error("gone");
    };
    const id = await home.plan();
    expect((await home.apply(id, await home.approve(id))).status).toBe("unknown");
    home.lamps.before = () => {};
    home.lamps.set("hall", "empty");
    home.lamps.happened.length = 0;
    expect(await home.gate.recover()).toEqual({ unknown: 0 });
    expect(home.lamps.happened).toEqual(["undoes take_out"]);
  });

  test("what could not be read for an hour is left to a person", async () => {
    home.lamps.before = (what) => {
      if (what.startsWith("stands")) throw new Error("gone");
    };
    const id = await home.plan();
    expect((await home.apply(id, await home.approve(id))).status).toBe("unknown");
    home.lamps.before = () => {};
    home.lamps.set("hall", "empty");
    await home.clock.advance(3_600_000);
    expect(await home.gate.recover()).toEqual({ unknown: 0 });
    expect(home.gate.get(id).status).toBe("unknown");
    expect(home.lamps.get("hall")).toBe("empty");
  });
});
