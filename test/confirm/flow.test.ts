import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Home, makeHome } from "../support/gate.ts";
import { broken, lampProposal } from "../support/lamps.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

describe("plan, approve, apply", () => {
  test("a plan waits, and nothing has changed", async () => {
    const view = await home.gate.propose("change_lamp", { lamp: "hall" }, lampProposal());
    expect(view).toMatchObject({
      tool: "change_lamp",
      status: "pending",
      title: "Change lamp hall on home",
      risk: "disruptive",
      targets: [{ kind: "lamp", host: "home", name: "hall" }],
      changes: ["bulb: red → blue"],
      steps: ["Take the old bulb out", "Put the new bulb in", "Warm the new bulb up"],
      warnings: ["It is dark for a moment."],
      undo: "The old bulb is put back.",
      created_at: "2027-01-15T12:00:00.000Z",
      expires_at: "2027-01-15T12:10:00.000Z",
    });
    expect(view.digest).toMatch(/^[0-9a-f]{64}$/);
    // Whether it can be undone is the plan's own word: a restart's can't be.
    expect(home.gate.words(view.plan_id).risk_says).toBe("Interrupts a service while it runs.");
    expect(home.lamps.happened).toEqual([]);
    expect(home.gate.pending().map(({ plan_id }) => plan_id)).toEqual([view.plan_id]);
  });

  test("the code that a person got runs exactly that plan", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    expect(token).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    expect(home.gate.get(id)).toMatchObject({ status: "approved", expires_at: "2027-01-15T12:05:00.000Z" });
    const said: [number, number, string][] = [];
    const view = await home.apply(id, token, { progress: (...line) => said.push(line) });
    expect(view).toMatchObject({
      status: "done",
      results: [{ target: { kind: "lamp", host: "home", name: "hall" }, outcome: "done", why: "It shows blue." }],
    });
    expect(home.lamps.get("hall")).toBe("blue");
    expect(home.lamps.happened).toEqual(["does take_out", "does put_in", "does warm_up"]);
    expect(said.map(([done, total]) => `${done}/${total}`)).toEqual(["0/3", "1/3", "1/3", "2/3", "2/3", "3/3", "3/3"]);
  });

  test("a code is read the way people write it", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    expect((await home.apply(id, ` ${token.toLowerCase().replace("-", " ")} `)).status).toBe("done");
  });

  test("without a code it answers that it waits, and changes nothing", async () => {
    const id = await home.plan();
    expect((await home.apply(id)).status).toBe("pending");
    await home.approve(id);
    expect((await home.apply(id)).status).toBe("approved");
    expect(home.lamps.happened).toEqual([]);
  });

  test("'approve and run' lets a waiting call go on by itself", async () => {
    const id = await home.plan();
    const waiting = home.apply(id, undefined, { waitSeconds: 50 });
    await home.clock.advance(1_000);
    expect(await home.approve(id, { run: true })).toBe("");
    await home.clock.advance(1_000);
    expect((await waiting).status).toBe("done");
  });

  test("a call stops waiting after 50 s at the most", async () => {
    const id = await home.plan();
    const waiting = home.apply(id, undefined, { waitSeconds: 500 });
    await home.clock.advance(50_500);
    expect((await waiting).status).toBe("pending");
  });

  test("a long plan answers after 40 s that it runs, and goes on", async () => {
    const step = held("does warm_up");
    const id = await home.plan();
    const call = home.apply(id, await home.approve(id));
    await step.began;
    await home.clock.advance(40_000);
    expect(await call).toMatchObject({
      status: "running",
      progress: { done: 2, total: 3, message: "Warm the new bulb up" },
    });
    step.goOn();
    await home.gate.idle();
    expect(home.gate.get(id)).toMatchObject({ status: "done", results: [{ outcome: "done" }] });
  });

  test("one intention is one plan, however many targets", async () => {
    const id = await home.plan(lampProposal(["hall", "attic"]));
    const view = await home.apply(id, await home.approve(id));
    expect(view.results?.map(({ target, outcome }) => [target.name, outcome])).toEqual([
      ["hall", "done"],
      ["attic", "done"],
    ]);
  });
});

describe("what a plan was based on", () => {
  test("is read again before the first effect: a difference makes it stale", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    home.lamps.set("hall", "yellow");
    expect((await home.apply(id, token)).status).toBe("stale");
    expect(home.lamps.happened).toEqual([]);
    home.lamps.set("hall", "red");
    await expect(home.apply(id, token)).rejects.toThrow("This plan cannot run: it is stale.");
  });

  test("is read again before each later target", async () => {
    home.lamps.before = (what) => {
      if (what === "does warm_up") home.lamps.set("attic", "yellow");
    };
    const id = await home.plan(lampProposal(["hall", "attic"]));
    const view = await home.apply(id, await home.approve(id));
    expect(view.results?.map(({ outcome, why }) => `${outcome}: ${why}`)).toEqual([
      "done: It shows blue.",
      "not_started: It has changed since it was planned.",
    ]);
    expect(home.lamps.get("attic")).toBe("yellow");
  });

  test("when it cannot be read the approval is not used up", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    const get = home.lamps.get;
    home.lamps.get = () => {
      throw broken("The hall does not answer.");
    };
    await expect(home.apply(id, token)).rejects.toThrow("The hall does not answer.");
    home.lamps.get = get;
    expect((await home.apply(id, token)).status).toBe("done");
  });
});

describe("taking back", () => {
  test("a plan that waits is withdrawn, and its code is worth nothing", async () => {
    const id = await home.plan();
    const token = await home.approve(id);
    expect(home.gate.cancel(id).status).toBe("cancelled");
    await expect(home.apply(id, token)).rejects.toThrow("This plan cannot run: it is cancelled.");
  });

  test("a person says no", async () => {
    const id = await home.plan();
    expect(home.gate.deny(id, await home.signer(), "page").status).toBe("denied");
    await expect(home.approve(id)).rejects.toThrow("This plan no longer waits: it is denied.");
  });

  test("cancelling what runs stops before the next step, and goes back", async () => {
    const id = await home.plan();
    home.lamps.before = (what) => {
      if (what === "does put_in") home.gate.cancel(id);
    };
    const view = await home.apply(id, await home.approve(id));
    expect(view.status).toBe("rolled_back");
    expect(home.lamps.happened).toEqual(["does take_out", "does put_in", "undoes put_in", "undoes take_out"]);
  });

  test("the kill switch stops between steps, and nothing starts while it is on", async () => {
    const signer = await home.signer();
    home.lamps.before = (what) => {
      if (what === "does take_out") home.gate.setStopped(true, signer, "page");
    };
    const [first, second] = [await home.plan(), await home.plan()];
    const token = await home.approve(second);
    expect((await home.apply(first, await home.approve(first))).status).toBe("rolled_back");
    expect(home.lamps.get("hall")).toBe("red");
    expect(home.gate.stopped()).toBe(true);
    await expect(home.apply(second, token)).rejects.toThrow("A person has stopped all changes.");
    await expect(home.plan()).rejects.toThrow("A person has stopped all changes.");
    home.gate.setStopped(false, signer, "page");
    home.lamps.before = () => {};
    expect((await home.apply(second, token)).status).toBe("done");
  });

  test("the kill switch wakes a step that waits long", async () => {
    const signer = await home.signer();
    const id = await home.plan();
    const step = held("does warm_up");
    const call = home.apply(id, await home.approve(id));
    await step.began;
    home.gate.setStopped(true, signer, "page");
    await home.clock.advance(1_000);
    expect(step.signal()?.aborted).toBe(true);
    step.goOn(broken("It gave up waiting."));
    expect(await call).toMatchObject({ status: "rolled_back" });
    expect(home.lamps.get("hall")).toBe("red");
  });
});

/** Holds one effect until it is told to go on. */
function held(what: string) {
  let goOn: (problem?: Error) => void = () => {};
  let signal: AbortSignal | undefined;
  const began = new Promise<void>((begins) => {
    home.lamps.before = (now, run) => {
      if (now !== what) return undefined;
      signal = run;
      begins();
      return new Promise<void>((resolve, reject) => {
        goOn = (problem) => (problem ? reject(problem) : resolve());
      });
    };
  });
  return { began, goOn: (problem?: Error) => goOn(problem), signal: () => signal };
}
