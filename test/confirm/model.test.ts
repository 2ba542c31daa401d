import fc from "fast-check";
import { expect, test } from "vitest";
import { type Home, makeHome } from "../support/gate.ts";

/** What the gate should know of one plan; time in seconds. */
interface Known {
  id: string;
  status: "pending" | "approved" | "done" | "denied" | "cancelled" | "void" | "expired";
  until: number;
  token: string;
  wrong: number;
}
interface Model {
  now: number;
  plans: Known[];
  voided: number[];
  lockedUntil: number;
  stopped: boolean;
  started: number[];
}
type Command = fc.AsyncCommand<Model, Home>;

/** The whole specification: what waits past its time has expired. */
function settle(model: Model) {
  for (const plan of model.plans) {
    const waits = plan.status === "pending" || plan.status === "approved";
    if (waits && model.now >= plan.until) plan.status = "expired";
  }
}

const free = (model: Model) => model.now >= model.lockedUntil && !model.stopped;
const refused = async (work: Promise<unknown> | (() => unknown)) => {
  if (typeof work === "function") expect(work).toThrow();
  else await expect(work).rejects.toThrow();
};

/** A command on one of the plans there are; it skips itself where there is none. */
function onPlan(name: string, which: number, work: (plan: Known, model: Model, home: Home) => Promise<void>): Command {
  return {
    check: ({ plans }) => plans.length > 0,
    async run(model, home) {
      const plan = model.plans[which % model.plans.length];
      if (!plan) return;
      settle(model);
      await work(plan, model, home);
      settle(model);
      expect(home.gate.get(plan.id).status).toBe(plan.status);
    },
    toString: () => `${name}(${which})`,
  };
}

const propose: Command = {
  check: () => true,
  async run(model, home) {
    settle(model);
    home.lamps.set("hall", "red");
    if (!free(model) || model.plans.filter(({ status }) => status === "pending").length >= 3)
      return refused(home.plan());
    const id = await home.plan();
    model.plans.push({ id, status: "pending", until: model.now + 600, token: "", wrong: 0 });
  },
  toString: () => "propose",
};

const approve = (which: number) =>
  onPlan("approve", which, async (plan, model, home) => {
    if (!free(model) || plan.status !== "pending") return refused(home.approve(plan.id));
    plan.token = await home.approve(plan.id);
    plan.status = "approved";
    plan.until = model.now + 300;
  });

const deny = (which: number) =>
  onPlan("deny", which, async (plan, _model, home) => {
    const signer = await home.signer();
    if (plan.status !== "pending" && plan.status !== "approved")
      return refused(() => home.gate.deny(plan.id, signer, "page"));
    home.gate.deny(plan.id, signer, "page");
    plan.status = "denied";
  });

const cancel = (which: number) =>
  onPlan("cancel", which, async (plan, _model, home) => {
    if (plan.status !== "pending" && plan.status !== "approved") return refused(() => home.gate.cancel(plan.id));
    home.gate.cancel(plan.id);
    plan.status = "cancelled";
  });

const apply = (which: number) =>
  onPlan("apply", which, async (plan, model, home) => {
    home.lamps.set("hall", "red");
    home.lamps.happened.length = 0;
    const recent = model.started.filter((at) => at > model.now - 3600).length;
    if (!free(model) || plan.status !== "approved" || recent >= 10) {
      await refused(home.apply(plan.id, plan.token || "AAAA-AAAA"));
      if (free(model) && plan.status === "pending") countWrong(plan, model);
      expect(home.lamps.happened).toEqual([]);
      return;
    }
    expect((await home.apply(plan.id, plan.token)).status).toBe("done");
    model.started.push(model.now);
    plan.status = "done";
  });

const guess = (which: number) =>
  onPlan("guess", which, async (plan, model, home) => {
    home.lamps.happened.length = 0;
    await refused(home.apply(plan.id, "AAAA-AAAA"));
    expect(home.lamps.happened).toEqual([]);
    if (free(model) && (plan.status === "pending" || plan.status === "approved")) countWrong(plan, model);
  });

function countWrong(plan: Known, model: Model) {
  plan.wrong++;
  if (plan.wrong < 3) return;
  plan.status = "void";
  model.voided.push(model.now);
  if (model.voided.filter((at) => at > model.now - 3600).length >= 5) model.lockedUntil = model.now + 1800;
}

const wait = (seconds: number): Command => ({
  check: () => true,
  async run(model, home) {
    await home.clock.advance(seconds * 1000);
    model.now += seconds;
    settle(model);
    for (const plan of model.plans) expect(home.gate.get(plan.id).status).toBe(plan.status);
  },
  toString: () => `wait(${seconds})`,
});

const stop = (on: boolean): Command => ({
  check: () => true,
  async run(model, home) {
    home.gate.setStopped(on, await home.signer(), "terminal");
    model.stopped = on;
    expect(home.gate.stopped()).toBe(on);
  },
  toString: () => (on ? "stop" : "resume"),
});

const which = fc.nat(5);
const commands = [
  fc.constant(propose),
  fc.constant(propose),
  which.map(approve),
  which.map(apply),
  which.map(guess),
  which.map(guess),
  which.map(deny),
  which.map(cancel),
  fc.constantFrom(1, 60, 299, 300, 600, 1799, 1800).map(wait),
  fc.constantFrom(false, false, true).map(stop),
];

test("any sequence of calls leaves the gate where a simple model says", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 30 }), async (sequence) => {
      const home = await makeHome();
      try {
        const model: Model = { now: 0, plans: [], voided: [], lockedUntil: 0, stopped: false, started: [] };
        await fc.asyncModelRun(() => ({ model, real: home }), sequence);
      } finally {
        home.close();
      }
    }),
    { numRuns: 25 },
  );
});
