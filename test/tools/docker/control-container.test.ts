import { afterEach, beforeEach, expect, test } from "vitest";
import type { DockerFake } from "../../../src/demo/docker/index.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";

let fake: DockerFake;
let home: GatedHouse;
beforeEach(async () => {
  home = await openGatedHouse();
  fake = home.fake;
  run(fake, "web");
});
afterEach(() => home.close());

const plan = (action: string) => home.plan("control_container", { container: "web", action });
const control = async (action: string) => home.approveAndApply((await plan(action)).plan_id);
const status = () => fake.engine.find("web").run.status;

test("stop, start and restart, each approved", async () => {
  expect(await plan("stop")).toMatchObject({
    title: "Stop container web on nas",
    risk: "disruptive",
    changes: ["web: running → stopped"],
    undo: "Start it again.",
  });
  expect(status()).toBe("running");
  expect(await control("stop")).toMatchObject({ status: "done", results: [{ why: "web is stopped." }] });
  expect(status()).toBe("exited");
  expect(await control("start")).toMatchObject({ status: "done" });
  const { started_ms } = fake.engine.find("web").run;
  while (Date.now() <= started_ms) await new Promise(setImmediate);
  expect(await control("restart")).toMatchObject({ status: "done" });
  expect(fake.engine.find("web").run.started_ms).toBeGreaterThan(started_ms);
});

test("what is so already is no plan", async () => {
  await expect(plan("start")).rejects.toMatchObject({ code: "nothing_to_do", message: "web is running already." });
});

test("a stop that the engine refuses leaves it running", async () => {
  const asked = await plan("stop");
  fake.faults.set({ kind: "status", status: 500 }, { path: /\/stop/ });
  expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "rolled_back" });
  expect(status()).toBe("running");
});

test("a restart meanwhile makes the plan stale", async () => {
  const asked = await plan("stop");
  fake.engine.stop("web");
  fake.engine.start("web");
  fake.engine.find("web").run.started_ms += 5000;
  expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "stale" });
});
