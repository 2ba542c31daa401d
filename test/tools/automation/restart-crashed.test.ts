import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type CrashingHouse, openCrashingHouse } from "./crashing-house.ts";

let house: CrashingHouse;
beforeEach(async () => {
  house = await openCrashingHouse();
});
afterEach(() => house.close());

const minute = 60_000;
const hour = 60 * minute;
vi.setConfig({ testTimeout: 60_000 }); // hundreds of calls over a socket, on a machine that may be busy
const appOfTrueNas = {
  "com.docker.compose.project": "ix-plex",
  "com.docker.compose.project.working_dir": "/mnt/.ix-apps/app_configs/plex",
};
const crash = (after_ms: number, code = 1, oom = false) => ({ code, oom, after_ms });

describe("what is started again", () => {
  test("one that ended with an error, and one that ran out of memory", async () => {
    await house.allow();
    house.run("web", crash(5 * minute));
    house.run("db", crash(5 * minute, 137, true));
    await house.clock.advance(6 * minute);
    expect([house.state("web"), house.state("db")]).toEqual(["exited", "exited"]);
    expect(await house.look()).toBe(2);
    expect([house.state("web"), house.state("db")]).toEqual(["running", "running"]);
    expect(house.gate.grants()[0]?.last_uses.map(({ name, status }) => [name, status])).toEqual(
      expect.arrayContaining([
        ["web", "done"],
        ["db", "done"],
      ]),
    );
  });

  test("not one that a person stopped, whatever it ends with, nor one that came to its end", async () => {
    await house.allow();
    house.run("web");
    house.run("job", crash(minute, 0));
    await house.clock.advance(2 * minute);
    house.fake.engine.stop("web");
    house.fake.engine.find("web").run.exit_code = 1;
    expect(await house.watch(10)).toEqual([]);
    expect([house.state("web"), house.state("job")]).toEqual(["exited", "exited"]);
  });

  test("not one that our own gate has just stopped or is about to change", async () => {
    await house.allow();
    house.run("web");
    const stop = await house.plan("control_container", { container: "web", action: "stop" });
    await house.approveAndApply(stop.plan_id);
    expect(await house.watch(5)).toEqual([]);
    house.run("db", crash(minute));
    await house.clock.advance(2 * minute);
    const start = await house.plan("control_container", { container: "db", action: "start" });
    expect(await house.look()).toBe(0);
    house.gate.cancel(start.plan_id);
    expect(await house.watch(1)).toEqual([0.5]);
  });

  test("not where the engine has forgotten how it ended", async () => {
    await house.allow();
    house.run("web", crash(minute));
    await house.clock.advance(2 * minute);
    house.state("web");
    house.fake.engine.events.length = 0;
    expect(await house.watch(5)).toEqual([]);
  });

  test("not before what it needs is there again", async () => {
    house.run("vpn");
    house.run("torrent", crash(minute), { NetworkMode: "container:vpn" });
    await house.allow({ containers: ["torrent"] });
    house.fake.engine.stop("vpn");
    expect(await house.watch(5)).toEqual([]);
    house.fake.engine.start("vpn");
    expect(await house.watch(1)).toEqual([0.5]);
  });

  test("not what was not granted, nor an app of TrueNAS", async () => {
    house.run("web", crash(minute));
    house.run("db", crash(minute));
    await house.allow({ containers: ["db"] });
    await house.clock.advance(2 * minute);
    expect(await house.look()).toBe(1);
    expect([house.state("web"), house.state("db")]).toEqual(["exited", "running"]);
    house.run("ix-app-plex-1", crash(minute), {}, appOfTrueNas);
    house.gate.revoke(house.gate.grants()[0]?.grant_id ?? "");
    await house.allow();
    await house.clock.advance(2 * minute);
    await house.look();
    expect([house.state("web"), house.state("ix-app-plex-1")]).toEqual(["running", "exited"]);
  });

  test("nothing while a host is silent, and nothing is lost by it", async () => {
    await house.allow();
    house.run("web", crash(minute));
    await house.clock.advance(2 * minute);
    house.fake.faults.set({ kind: "hang_up" });
    expect(await house.watch(2)).toEqual([]);
    house.fake.faults.clear();
    expect(await house.watch(1)).toEqual([0.5]);
  });
});

describe("one that crashes again and again", () => {
  test("is tried after 0, 1, 2, 4 and 8 minutes, and then left to a person", async () => {
    await house.allow();
    house.run("web", crash(1_000));
    const tries = await house.watch(20);
    expect(tries).toEqual([0.5, 1.5, 3.5, 7.5, 15.5]);
    expect(house.gate.grants()).toMatchObject([{ stopped_for: [{ name: "web", host: "nas" }], uses_left_today: 7 }]);
    expect(house.store.audit.count("refused", 0)).toBe(0);
  });

  test("is looked after again once somebody started it and it ran for an hour", async () => {
    await house.allow();
    house.run("web", crash(1_000));
    await house.watch(16);
    house.behaves("web", crash(30 * minute));
    house.fake.engine.start("web");
    expect(await house.watch(40, 5)).toEqual([]);
    house.behaves("web", crash(61 * minute));
    house.fake.engine.start("web");
    expect(await house.watch(70, 5)).toHaveLength(1);
    expect(house.gate.grants()).toMatchObject([{ stopped_for: [] }]);
  });

  test("does not keep another one waiting", async () => {
    await house.allow();
    house.run("web", crash(1_000));
    await house.watch(5);
    house.run("db", crash(minute));
    expect((await house.watch(2)).length).toBeGreaterThan(0);
    expect(house.state("db")).toBe("running");
  });

  test("within a day it is started no oftener than was granted, however long it ran in between", async () => {
    await house.allow({ max_per_day: 3 });
    house.run("web", crash(2 * hour));
    let tries = 0;
    for (let at = 0; at < 10; at++) {
      await house.clock.advance(2 * hour + minute);
      tries += await house.look();
    }
    expect(tries).toBe(3);
  });
});

test("a drill starts nothing and says what it would have done", async () => {
  await house.allow({ drill: true });
  house.run("web", crash(minute));
  await house.watch(3);
  expect(house.state("web")).toBe("exited");
  expect(house.said).toContain("restart_crashed: web on nas: drilled, nothing was changed");
  expect(house.fake.asked.filter(({ method }) => method !== "GET")).toEqual([]);
});
