import { afterEach, expect, test } from "vitest";
import { openShopHouse, type ShopHouse } from "../support/shop-house.ts";

let home: ShopHouse;
afterEach(() => home.close());

const plan = (container: string, action: string) => home.plan("control_container", { container, action });
const control = async (container: string, action: string) =>
  home.approveAndApply((await plan(container, action)).plan_id);
const names = () => [...home.fake.engine.containers.values()].map(({ name }) => name).sort();
const called = () =>
  home.nas.exchanges
    .filter(({ method }) => /^(app|chart\.release)\.(start|stop|redeploy|scale)$/.test(method))
    .map(({ method, params }) => [method, ...params]);

test("an app is stopped, started and made again by TrueNAS, whole, and found by its name while it is stopped", async () => {
  home = await openShopHouse();
  const asked = await plan("ix-shop-web-1", "stop");
  expect(asked).toMatchObject({
    title: "Stop app shop on nas",
    risk: "disruptive",
    targets: [{ kind: "app", host: "nas", name: "shop" }],
    changes: [
      "app shop: running → stopped",
      "Removed until it starts, the whole of app shop: ix-shop-db-1, ix-shop-web-1",
    ],
    undo: "Have TrueNAS start it again.",
  });
  expect(await home.approveAndApply(asked.plan_id)).toMatchObject({
    status: "done",
    results: [{ why: "app shop is stopped." }],
  });
  expect([names(), home.app.running]).toEqual([[], false]);
  expect(await control("shop", "start")).toMatchObject({ status: "done" });
  expect(names()).toEqual(["ix-shop-db-1", "ix-shop-web-1"]);
  const { id } = home.fake.engine.find("ix-shop-web-1");
  expect(await control("ix-shop-web-1", "restart")).toMatchObject({ status: "done" });
  expect(home.fake.engine.find("ix-shop-web-1").id).not.toBe(id);
  expect(called().slice(1)).toEqual([
    ["app.stop", "shop"],
    ["app.start", "shop"],
    ["app.redeploy", "shop"],
  ]);
});

test("24.04 scales it", async () => {
  home = await openShopHouse({ release: "24.04" });
  expect(await control("shop", "stop")).toMatchObject({ status: "done" });
  expect(await control("shop", "start")).toMatchObject({ status: "done" });
  expect(called().slice(1)).toEqual([
    ["chart.release.scale", "shop", { replica_count: 0 }],
    ["chart.release.scale", "shop", { replica_count: 1 }],
  ]);
});

test("what is so already, or what TrueNAS works on, is no plan", async () => {
  home = await openShopHouse();
  await expect(plan("shop", "start")).rejects.toMatchObject({ code: "nothing_to_do" });
  home.nas.middleware.jobs.step_ms = null;
  home.nas.middleware.call({ loggedIn: true, failedBefore: false }, "app.redeploy", ["shop"]);
  await expect(plan("shop", "stop")).rejects.toMatchObject({ code: "conflict" });
});

test("an app that is ill after its start is stopped again", async () => {
  home = await openShopHouse();
  await control("shop", "stop");
  const asked = await plan("shop", "start");
  const web = home.fake.engine.image("web:1");
  web.behaviour = { ...web.behaviour, health: "unhealthy" };
  const result = await home.approveAndApply(asked.plan_id);
  expect(result).toMatchObject({ status: "rolled_back" });
  expect([names(), home.app.running]).toEqual([[], false]);
});

test("a stop that TrueNAS refuses leaves it running", async () => {
  home = await openShopHouse();
  const asked = await plan("shop", "stop");
  home.nas.faults.set({ kind: "error", errname: "EFAULT", reason: "no" }, { method: /^app\.stop$/ });
  expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "rolled_back" });
  expect(names()).toEqual(["ix-shop-db-1", "ix-shop-web-1"]);
});
