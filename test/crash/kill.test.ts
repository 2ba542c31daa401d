import { describe, expect, test } from "vitest";
import { openAudit } from "../../src/confirm/audit.ts";
import { ended, sharedHome, start } from "./support.ts";

/** Runs one plan in a process that kills itself at its `point`th moment; 0 lets it live and tells how many there are. */
async function runUntil(point: number, fail: string) {
  const home = await sharedHome();
  const { id, token } = await home.approved();
  const { said, signal } = await ended(start(home.folder, "crash", id, token, String(point), fail));
  return { ...home, id, token, said, signal };
}

/** Four at a time: they mostly wait for the disk. */
async function atOnce(points: number[], work: (point: number) => Promise<void>) {
  const worker = async () => {
    for (let point = points.shift(); point !== undefined; point = points.shift()) await work(point);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

/** The state after a crash is old or new, never neither; and all of it is written down. */
function expectWhole(home: Awaited<ReturnType<typeof runUntil>>, where: string) {
  const { status } = home.gate.get(home.id);
  const shows = home.lamps.get("hall");
  const consumed = home.store.audit.count("started", 0) === 1;
  const expected = consumed ? { blue: "done", red: "rolled_back" }[shows] : "approved";
  expect(`${where}: ${shows} ${status}`).toBe(`${where}: ${shows} ${expected}`);
  expect(["red", "blue"]).toContain(shows);
  expect(openAudit(home.store, Date.now).verify().state).toBe("intact");
}

describe.each([
  ["that goes well", "", "done"],
  ["that fails at its last step", "does warm_up", "rolled_back"],
])("kill -9 at every moment of a run %s", (_what, fail, ending) => {
  test("leaves old or new, told by another process that reads", { timeout: 180_000 }, async () => {
    const alive = await runUntil(0, fail);
    const [status, moments] = alive.said.split(" ");
    expect(status).toBe(ending);
    alive.close();
    const count = Number(moments);
    expect(count).toBeGreaterThan(10);
    const went: string[] = [];
    await atOnce(
      Array.from({ length: count }, (_, at) => at + 1),
      async (point) => {
        const home = await runUntil(point, fail);
        expect(home.signal).toBe("SIGKILL");
        const forward = home.happened().filter((line) => line.startsWith("does"));
        expect(await home.gate.recover()).toEqual({ unknown: 0 });
        expectWhole(home, `moment ${point} of ${count}`);
        // Nothing was run forward again.
        expect(home.happened().filter((line) => line.startsWith("does"))).toEqual(forward);
        went.push(home.gate.get(home.id).status);
        home.close();
      },
    );
    // Some of the moments really were in the middle.
    expect(went).toContain("rolled_back");
  });
});

test("kill -9 at every moment of the recovery, too", { timeout: 180_000 }, async () => {
  const middle = 8; // after the second effect: the lamp shows nothing that anybody wanted
  let lived = 0;
  await atOnce(
    Array.from({ length: 20 }, (_, at) => at + 1),
    async (point) => {
      const home = await runUntil(middle, "");
      expect(["empty", "blue, cold"]).toContain(home.lamps.get("hall"));
      const { said, signal } = await ended(start(home.folder, "recover", String(point)));
      if (signal === null) {
        // It had fewer moments than this one.
        lived++;
        expect(said.split(" ")[0]).toBe("0");
      }
      expect(await home.gate.recover()).toEqual({ unknown: 0 });
      expectWhole(home, `moment ${point} of the recovery`);
      expect(home.lamps.get("hall")).toBe("red");
      home.close();
    },
  );
  expect(lived).toBeGreaterThan(0);
  expect(lived).toBeLessThan(12);
});

test("a guardian looks after the plan as soon as its process is gone", { timeout: 60_000 }, async () => {
  const home = await runUntil(8, "");
  expect(home.gate.get(home.id).status).toBe("running");
  const guardian = start(home.folder, "guard");
  const over = ended(guardian);
  guardian.stdin?.destroy(); // the parent died without a word
  expect((await over).said).toBe("recovered");
  expect(home.gate.get(home.id).status).toBe("rolled_back");
  expect(home.lamps.get("hall")).toBe("red");
  home.close();
});

test("a guardian whose plan ended by itself does nothing", { timeout: 60_000 }, async () => {
  const home = await runUntil(8, "");
  const guardian = start(home.folder, "guard");
  const over = ended(guardian);
  guardian.stdin?.end("over\n");
  expect((await over).said).toBe("over");
  expect(home.gate.get(home.id).status).toBe("running");
  home.close();
});

test("a plan that runs in a living process is left alone", { timeout: 60_000 }, async () => {
  const home = await sharedHome();
  const { id, token } = await home.approved();
  let goOn = () => {};
  const began = new Promise<void>((begins) => {
    home.lamps.before = (what) => {
      if (what !== "does put_in") return undefined;
      begins();
      return new Promise<void>((go) => {
        goOn = go;
      });
    };
  });
  const call = home.gate.apply(id, { token, signal: new AbortController().signal, progress: () => {} });
  await began;
  const { said } = await ended(start(home.folder, "recover", "0"));
  expect(said).toBe("1 0");
  expect(home.lamps.get("hall")).toBe("empty");
  goOn();
  expect((await call).status).toBe("done");
  home.close();
});
