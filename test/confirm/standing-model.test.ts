import fc from "fast-check";
import { expect, test } from "vitest";
import { type Home, makeHome } from "../support/gate.ts";
import { granted, use } from "../support/standing.ts";

/** What the gate should know; time in seconds. */
interface Granted {
  id: string;
  until: number;
  ended: boolean;
  max: number;
  pause: number;
  stopAfter: number;
  uses: { lamp: string; at: number; fresh: boolean }[];
}
interface Model {
  now: number;
  grants: Granted[];
  stopped: boolean;
}
type Command = fc.AsyncCommand<Model, Home>;

const day = 86_400;

/** The whole specification of how often. */
function allowed({ now, grants, stopped }: Model, grant: Granted, lamp: string, fresh: boolean): boolean {
  if (stopped || grant.ended || now >= grant.until || lamp === "cellar") return false;
  const mine = grant.uses.filter((one) => one.lamp === lamp);
  const row = fresh ? [] : mine.slice(Math.max(0, mine.map((one) => one.fresh).lastIndexOf(true)));
  if (row.length >= grant.stopAfter) return false;
  if (grant.uses.filter(({ at }) => at > now - day).length >= grant.max) return false;
  const last = mine.at(-1);
  const pause = Math.min(grant.pause * 2 ** Math.max(0, row.length - 1), 21_600);
  if (last && last.at + pause > now) return false;
  return grants.flatMap(({ uses }) => uses).filter(({ at }) => at > now - 3_600).length < 10;
}

const grantOne = (max: number, pause: number, stopAfter: number, days: number): Command => ({
  check: ({ stopped, grants }) => !stopped && grants.length < 3,
  async run(model, home) {
    const limits = { max_per_day: max, pause_s: pause, stop_after: stopAfter };
    const until = new Date(home.clock.now() + days * day * 1_000).toISOString();
    const id = await granted(home, { action: `action_${model.grants.length}`, limits, until });
    model.grants.push({ id, until: model.now + days * day, ended: false, max, pause, stopAfter, uses: [] });
  },
  toString: () => `grant(${max}, ${pause}, ${stopAfter}, ${days})`,
});

const useOne = (which: number, lamp: string, fresh: boolean): Command => ({
  check: ({ grants }) => grants.length > 0,
  async run(model, home) {
    const grant = model.grants[which % model.grants.length];
    if (!grant) return;
    home.lamps.set(lamp, "red");
    home.lamps.happened.length = 0;
    if (allowed(model, grant, lamp, fresh)) {
      expect((await use(home, grant.id, { lamp, fresh }))?.status).toBe("done");
      grant.uses.push({ lamp, at: model.now, fresh });
    } else {
      await expect(use(home, grant.id, { lamp, fresh })).rejects.toThrow();
      expect(home.lamps.happened).toEqual([]);
    }
  },
  toString: () => `use(${which}, ${lamp}${fresh ? ", fresh" : ""})`,
});

const revoke = (which: number): Command => ({
  check: ({ grants }) => grants.length > 0,
  async run(model, home) {
    const grant = model.grants[which % model.grants.length];
    if (!grant) return;
    if (grant.ended || model.now >= grant.until) expect(() => home.gate.revoke(grant.id)).toThrow();
    else expect(home.gate.revoke(grant.id).state).toBe("revoked");
    grant.ended = true;
  },
  toString: () => `revoke(${which})`,
});

const wait = (seconds: number): Command => ({
  check: () => true,
  async run(model, home) {
    await home.clock.advance(seconds * 1_000);
    model.now += seconds;
    const active = model.grants.filter(({ ended, until }) => !ended && model.now < until).map(({ id }) => id);
    const shown = home.gate.grants().filter(({ state }) => state === "active");
    expect(shown.map(({ grant_id }) => grant_id).toSorted()).toEqual(active.toSorted());
  },
  toString: () => `wait(${seconds})`,
});

const stop = (on: boolean): Command => ({
  check: () => true,
  async run(model, home) {
    home.gate.setStopped(on, await home.signer(), "terminal");
    model.stopped = on;
  },
  toString: () => (on ? "stop" : "resume"),
});

const which = fc.nat(2);
const commands = [
  fc
    .tuple(fc.constantFrom(1, 3, 20), fc.constantFrom(0, 60), fc.constantFrom(1, 4), fc.constantFrom(1, 30))
    .map((of) => grantOne(...of)),
  fc
    .tuple(which, fc.constantFrom("hall", "hall", "attic", "cellar"), fc.constantFrom(false, false, true))
    .map((of) => useOne(...of)),
  fc.tuple(which, fc.constantFrom("hall", "attic"), fc.constant(false)).map((of) => useOne(...of)),
  fc.constantFrom(1, 59, 60, 120, 240, 3_600, day).map(wait),
  which.map(revoke),
  fc.constantFrom(false, false, true).map(stop),
];

test("any sequence of uses stays within what a simple model allows", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: "large" }), async (sequence) => {
      const home = await makeHome();
      try {
        const model: Model = { now: 0, grants: [], stopped: false };
        await fc.asyncModelRun(() => ({ model, real: home }), sequence);
      } finally {
        home.close();
      }
    }),
    { numRuns: 25 },
  );
});
