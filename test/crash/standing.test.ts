import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { openAudit } from "../../src/confirm/audit.ts";
import { ended, sharedHome, start } from "./support.ts";

test("of sixteen uses in four processes at once, with one left, exactly one runs", { timeout: 120_000 }, async () => {
  const home = await sharedHome();
  const names = Array.from({ length: 16 }, (_, at) => `lamp${at}`);
  for (const name of names) home.lamps.set(name, "red");
  const id = await home.granted({
    targets: [{ kind: "lamp", host: "home", name: "*" }],
    limits: { max_per_day: 1, pause_s: 0, stop_after: 99 },
  });
  const children = [0, 4, 8, 12].map((from) => start(home.folder, "use", id, names.slice(from, from + 4).join(",")));
  const endings = children.map(ended);
  await Promise.all(children.map(({ stdout }) => stdout && once(stdout, "data")));
  for (const { stdin } of children) stdin?.write("go\n");
  const said = (await Promise.all(endings)).flatMap((ending) =>
    ending.said.split("\n").filter((line) => line !== "ready"),
  );
  expect(said.toSorted()).toEqual([
    ...Array.from({ length: 15 }, () => "It was used as often as was granted."),
    "done",
  ]);
  expect(home.happened().filter((line) => line.startsWith("does"))).toEqual([
    "does take_out",
    "does put_in",
    "does warm_up",
  ]);
  expect(home.store.audit.count("used", 0)).toBe(1);
  home.close();
});

async function useUntil(point: number, fail: string) {
  const home = await sharedHome();
  const id = await home.granted();
  const { said, signal } = await ended(start(home.folder, "use-crash", id, String(point), fail));
  return { ...home, id, said, signal };
}

describe.each([
  ["every moment of a use that goes well", "", "done", 1],
  // Every other one: kill.test.ts has them all, and a use differs from a plan in how it begins.
  ["every other moment of a use that fails at its last step", "does warm_up", "rolled_back", 2],
])("kill -9 at %s", (_what, fail, ending, apart) => {
  test("leaves old or new, and nothing is run again by itself", { timeout: 180_000 }, async () => {
    const alive = await useUntil(0, fail);
    const [status, moments] = alive.said.split(" ");
    expect(status).toBe(ending);
    alive.close();
    expect(Number(moments)).toBeGreaterThan(10);
    const points = Array.from({ length: Math.floor(Number(moments) / apart) }, (_, at) => at * apart + 1);
    const went = new Set<string>();
    const look = async (point: number) => {
      const home = await useUntil(point, fail);
      const forward = home.happened().filter((line) => line.startsWith("does"));
      expect(home.signal).toBe("SIGKILL");
      expect(await home.gate.recover()).toEqual({ unknown: 0 });
      expect(home.happened().filter((line) => line.startsWith("does"))).toEqual(forward);
      const [grant] = home.gate.grants();
      const [last] = grant?.last_uses ?? [];
      // Counted before the first effect: what happened is never missing from the count.
      const shows = home.lamps.get("hall");
      const expected = { blue: "done", red: last ? "rolled_back" : "never used" }[shows];
      expect(`${point}: ${shows} ${last?.status ?? "never used"}`).toBe(`${point}: ${shows} ${expected}`);
      expect(grant).toMatchObject({ state: "active", uses_left_today: last ? 5 : 6 });
      expect(openAudit(home.store, Date.now).verify().state).toBe("intact");
      went.add(last?.status ?? "never used");
      home.close();
    };
    const worker = async () => {
      for (let point = points.shift(); point !== undefined; point = points.shift()) await look(point);
    };
    await Promise.all([worker(), worker(), worker()]);
    expect([...went]).toEqual(expect.arrayContaining(["never used", "rolled_back"]));
  });
});

test("kill -9 at every other moment of the plan that grants: it holds if that plan came through, and only then", {
  timeout: 180_000,
}, async () => {
  const run = async (point: number) => {
    const home = await sharedHome();
    const { id, token } = await home.approvedGrant();
    const { said } = await ended(start(home.folder, "crash", id, token, String(point), ""));
    return { ...home, id, said };
  };
  const alive = await run(0);
  expect(alive.gate.grants()).toHaveLength(1);
  alive.close();
  const points = Array.from({ length: Math.floor(Number(alive.said.split(" ")[1]) / 2) }, (_, at) => at * 2 + 2);
  const went = new Set<string>();
  const worker = async () => {
    for (let point = points.shift(); point !== undefined; point = points.shift()) {
      const home = await run(point);
      await home.gate.recover();
      const { status } = home.gate.get(home.id);
      const held = home.gate.grants().map(({ state }) => state);
      expect(`${point}: ${status} ${held}`).toBe(`${point}: ${status} ${status === "done" ? "active" : ""}`);
      went.add(status);
      home.close();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect([...went]).toEqual(expect.arrayContaining(["rolled_back", "done"]));
});

test("while a use that was interrupted is not settled, its target is left alone", { timeout: 60_000 }, async () => {
  const home = await useUntil(9, "");
  const target = { kind: "lamp", host: "home", name: "hall" };
  expect(home.gate.standing.obstacle(home.id, target, true)?.message).toBe(
    "Another plan for the same target waits or runs.",
  );
  await home.gate.recover();
  // Then the ordinary pause counts, from the use that was interrupted on.
  expect(home.gate.standing.obstacle(home.id, target, false)?.message).toBe("It was tried a short while ago.");
  home.close();
});
