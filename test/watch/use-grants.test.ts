import { afterEach, beforeEach, expect, test } from "vitest";
import type { GrantView } from "../../src/confirm/define-standing.ts";
import { StewardError } from "../../src/shared/errors.ts";
import { type Helper, useGrants } from "../../src/watch/use-grants.ts";
import { type Home, makeHome } from "../support/gate.ts";
import { lampProposal } from "../support/lamps.ts";
import { granted } from "../support/standing.ts";

let home: Home;
let said: string[];
beforeEach(async () => {
  home = await makeHome();
  said = [];
});
afterEach(() => home.close());

const minute = 60_000;
const every_ms = 30_000;

/** Every red lamp of the grant is due. */
const helper = (more: Partial<Helper> = {}): Helper => ({
  kind: "lamp",
  due: async ({ targets }) =>
    targets
      .filter(({ name }) => home.lamps.get(name) === "red")
      .map(({ host, name }) => ({ host, name, input: { to: "blue", lamp: name }, fresh: false })),
  plan: async (input) => ({ input, proposal: lampProposal([String(input.lamp)]) }),
  ...more,
});

const look = (one: Helper = helper(), signal = new AbortController().signal) =>
  useGrants({
    gate: home.gate,
    helpers: new Map([["change_lamps", one]]),
    store: home.store,
    clock: home.clock,
    every_ms,
    log: { info: (line) => said.push(line), warn: (line) => said.push(`! ${line}`) },
    signal,
  });

test("does what is due under a grant that holds, and says so", async () => {
  const id = await granted(home);
  expect(await look()).toBe(2);
  expect([home.lamps.get("hall"), home.lamps.get("attic")]).toEqual(["blue", "blue"]);
  expect(said.map((line) => line.replace(/p-[a-z2-9]{10}/, "p-x"))).toEqual([
    "change_lamps: hall on home: done (p-x)",
    "change_lamps: attic on home: done (p-x)",
  ]);
  expect(home.gate.grants()).toMatchObject([{ grant_id: id, uses_left_today: 4 }]);
});

test("without a grant nothing is even read", async () => {
  let asked = 0;
  const counting = helper({
    async due() {
      asked++;
      return [];
    },
  });
  expect(await look(counting)).toBe(0);
  const id = await granted(home);
  home.gate.revoke(id);
  expect(await look(counting)).toBe(0);
  expect(asked).toBe(0);
});

test("while everything is stopped nothing is read either, and nothing is refused again and again", async () => {
  await granted(home);
  home.gate.setStopped(true, await home.signer(), "page");
  const before = home.store.audit.last()?.seq;
  expect(await look()).toBe(0);
  expect(home.store.audit.last()?.seq).toBe(before);
});

test("of several processes one looks in each interval", async () => {
  await granted(home);
  expect(await look()).toBe(2);
  home.lamps.set("hall", "red");
  await home.clock.advance(every_ms - 1);
  expect(await look()).toBe(0);
  await home.clock.advance(1);
  // The pause since the last try is not over yet.
  expect(await look()).toBe(0);
  await home.clock.advance(every_ms);
  expect(await look()).toBe(1);
});

test("backs off, gives up after so many tries in a row and leaves no trail of refusals", async () => {
  await granted(home, { limits: { max_per_day: 50, pause_s: 60, stop_after: 4 } });
  const tries: number[] = [];
  for (let at = 0; at < 60; at++) {
    home.lamps.set("hall", "red");
    home.lamps.set("attic", "blue");
    if ((await look()) > 0) tries.push(at / 2);
    await home.clock.advance(30_000);
  }
  expect(tries).toEqual([0, 1, 3, 7]);
  expect(home.store.audit.count("refused", 0)).toBe(0);
  expect(home.gate.grants()).toMatchObject([{ stopped_for: [{ name: "hall" }] }]);
});

test("a plan that can't be made is said, and the next target has its turn", async () => {
  await granted(home);
  const grumpy = helper({
    async plan(input) {
      if (input.lamp === "hall") throw new StewardError("conflict", "The hall is locked.", "Unlock it.");
      return { input, proposal: lampProposal(["attic"]) };
    },
  });
  expect(await look(grumpy)).toBe(1);
  expect(said[0]).toBe("! change_lamps: hall on home: The hall is locked. Unlock it.");
  expect(home.lamps.get("attic")).toBe("blue");
});

test("a mistake of ours is not swallowed", async () => {
  await granted(home);
  const broken = helper({ due: () => Promise.reject(new TypeError("x is not a function")) });
  await expect(look(broken)).rejects.toThrow("x is not a function");
});

test("an automation that asks for more than was granted gets nothing", async () => {
  await granted(home);
  const greedy = helper({
    due: async () => [{ host: "home", name: "hall", input: { to: "green" }, fresh: false }],
    plan: async (input) => ({ input, proposal: lampProposal(["hall"], "green") }),
  });
  expect(await look(greedy)).toBe(0);
  expect(said).toEqual([
    "! change_lamps: hall on home: This plan has other settings; the standing approval does not allow that. A person decides about it like about any other plan.",
  ]);
  expect(home.lamps.happened).toEqual([]);
});

test("a drill is said to be one", async () => {
  await granted(home, { drill: true });
  expect(await look()).toBe(0);
  expect(said[0]).toBe("change_lamps: hall on home: drilled, nothing was changed");
});

test("ends between two targets when the house closes", async () => {
  await granted(home);
  const closing = new AbortController();
  home.lamps.before = (what) => {
    if (what === "does warm_up") closing.abort();
  };
  expect(await look(helper(), closing.signal)).toBe(1);
  expect(home.lamps.get("attic")).toBe("red");
});

test("a grant whose automation is not here is left alone", async () => {
  await granted(home, { action: "water_plants" });
  const seen: GrantView[] = [];
  await look(
    helper({
      async due(grant) {
        seen.push(grant);
        return [];
      },
    }),
  );
  expect(seen).toEqual([]);
  await home.clock.advance(minute);
});
