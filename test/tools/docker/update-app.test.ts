import { afterEach, describe, expect, test } from "vitest";
import type { PlanView, StepRun, Unit } from "../../../src/confirm/define.ts";
import type { Changes, Systems } from "../../../src/tools/define.ts";
import { proposeUpdates } from "../../../src/tools/docker/update/propose.ts";
import { stands } from "../../../src/tools/docker/update/standing.ts";
import { updateSteps } from "../../../src/tools/docker/update/steps.ts";
import { shopImage, shopVersions } from "../../support/shop.ts";
import { openShopHouse, type ShopHouse } from "../support/shop-house.ts";

let home: ShopHouse;
afterEach(() => home.close());

const plan = (...containers: string[]) => home.plan("update_container", { containers });
const update = async (...containers: string[]) => home.approveAndApply((await plan(...containers)).plan_id);
const outcomes = ({ results }: PlanView) =>
  results?.map(({ target, outcome }) => `${target.kind} ${target.name}: ${outcome}`);
const runs = () =>
  [...home.fake.engine.containers.values()]
    .map(({ name, image, run }) => `${name} ${image.repository} ${run.status}`)
    .sort();
const imageOf = (name: string) => home.fake.engine.find(name).image.id;
const called = (method: string) =>
  home.nas.exchanges.filter((one) => one.method === method).map(({ params }) => params);

describe("an app of TrueNAS with a newer version", () => {
  test("is upgraded by TrueNAS to exactly the version that was approved", async () => {
    home = await openShopHouse();
    const asked = await plan("ix-shop-web-1");
    expect(asked).toMatchObject({
      title: "Update app shop on nas",
      risk: "disruptive",
      targets: [{ kind: "app", host: "nas", name: "shop" }],
      changes: ["app shop: version 1.0.0 → 1.1.0", "Made again by TrueNAS: ix-shop-db-1, ix-shop-web-1"],
    });
    expect(asked.steps.at(-2)).toContain("Have TrueNAS upgrade app shop to 1.1.0");
    expect(asked.warnings[1]).toContain("What lies in folders of the host (host paths) stays");
    expect(called("app.upgrade")).toEqual([]);

    const result = await home.approveAndApply(asked.plan_id);
    expect(outcomes(result)).toEqual(["app shop: done"]);
    expect(result.results?.[0]?.why).toBe(
      `app shop is running in version 1.1.0: ix-shop-db-1 runs image ${shopImage("db:1").id.slice(7, 19)}, ` +
        `ix-shop-web-1 runs image ${shopImage("web:2").id.slice(7, 19)}.`,
    );
    expect(called("app.upgrade")).toEqual([["shop", { app_version: "1.1.0" }]]);
    expect(imageOf("ix-shop-web-1")).toBe(shopImage("web:2").id);
    const kept = `home-steward-kept:ix-shop-web-1-${shopImage("web:1").id.slice(7, 19)}`;
    expect(home.fake.engine.tags.get(kept)).toBe(shopImage("web:1").id);
  });

  test("is one plan however many of its containers, and its own name, are asked for", async () => {
    home = await openShopHouse();
    expect(await plan("shop", "ix-shop-web-1", "ix-shop-db-1")).toMatchObject({ title: "Update app shop on nas" });
  });

  test("that does not become healthy is rolled back by TrueNAS, and the saved images are proven to run", async () => {
    home = await openShopHouse({ web: { health: "unhealthy" } });
    const result = await update("ix-shop-web-1");
    expect(result.status).toBe("rolled_back");
    expect(result.results?.[0]?.why).toBe(
      "The app shop is not well: ix-shop-web-1: its healthcheck fails. Look at its log, and after an update at the release notes. " +
        `Now as before: app shop is running in version 1.0.0: ix-shop-db-1 runs image ${shopImage("db:1").id.slice(7, 19)}, ` +
        `ix-shop-web-1 runs image ${shopImage("web:1").id.slice(7, 19)}.`,
    );
    expect(called("app.rollback")).toEqual([["shop", { app_version: "1.0.0", rollback_snapshot: true }]]);
    expect(home.app).toMatchObject({ version: "1.0.0", running: true });
  });

  test("whose job fails before anything changed is left as it was, without a roll-back", async () => {
    home = await openShopHouse();
    const asked = await plan("shop");
    home.nas.faults.set({ kind: "error", errname: "EFAULT", reason: "no" }, { method: /^app\.upgrade$/ });
    const result = await home.approveAndApply(asked.plan_id);
    expect(outcomes(result)).toEqual(["app shop: rolled_back"]);
    expect([called("app.rollback"), called("app.redeploy").length]).toEqual([[], 1]);
  });

  test("whose job breaks halfway is rolled back", async () => {
    home = await openShopHouse();
    const asked = await plan("shop");
    home.fake.engine.registry.fail("web", "down");
    const result = await home.approveAndApply(asked.plan_id);
    expect(outcomes(result)).toEqual(["app shop: rolled_back"]);
    expect(called("app.rollback")).toHaveLength(1);
    expect(runs()).toEqual(["ix-shop-db-1 db running", "ix-shop-web-1 web running"]);
  });

  test("that can't be rolled back is not called rolled back", async () => {
    home = await openShopHouse({ web: { health: "unhealthy" } });
    const asked = await plan("shop");
    home.nas.faults.set({ kind: "error", errname: "EFAULT", reason: "no" }, { method: /^app\.rollback$/ });
    const result = await home.approveAndApply(asked.plan_id);
    expect(outcomes(result)).toEqual(["app shop: failed"]);
    expect(result.results?.[0]?.why).toContain("Now: app shop is broken in version 1.1.0");
  });

  test("that somebody upgraded meanwhile makes the plan stale", async () => {
    home = await openShopHouse();
    const asked = await plan("shop");
    home.app.version = "1.1.0";
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "stale" });
    expect(called("app.upgrade")).toEqual([]);
  });

  test("works as it did in 24.04, whose containers no engine shows", async () => {
    home = await openShopHouse({ release: "24.04" });
    expect(await plan("shop")).toMatchObject({ changes: ["app shop: version 1.0.0 → 1.1.0"] });
    const result = await update("shop");
    expect(result.results).toMatchObject([{ outcome: "done", why: "app shop is running in version 1.1.0." }]);
    expect(called("chart.release.upgrade")).toEqual([["shop", { item_version: "1.1.0" }]]);
  });
});

describe("an app without a newer version", () => {
  const oneVersion = shopVersions.slice(0, 1);

  test("gets the newer image of a container's tag, pulled as approved and deployed by TrueNAS", async () => {
    home = await openShopHouse({ versions: oneVersion });
    const next = shopImage("web:1 next");
    home.fake.engine.registry.publish("web:1", next);
    const asked = await plan("ix-shop-web-1");
    expect(asked.changes[0]).toBe(
      `ix-shop-web-1: web:1, image ${shopImage("web:1").id.slice(7, 19)} → the one with digest ${next.digest.slice(7, 19)}`,
    );
    expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["app shop: done"]);
    expect([imageOf("ix-shop-web-1"), imageOf("ix-shop-db-1")]).toEqual([next.id, shopImage("db:1").id]);
  });

  test("gets its old image back where the new one is ill", async () => {
    home = await openShopHouse({ versions: oneVersion });
    home.fake.engine.registry.publish("web:1", shopImage("web:1 next", { health: "unhealthy" }));
    expect(outcomes(await update("ix-shop-web-1"))).toEqual(["app shop: rolled_back"]);
    expect(imageOf("ix-shop-web-1")).toBe(shopImage("web:1").id);
    expect(home.fake.engine.tags.get("web:1")).toBe(shopImage("web:1").id);
  });

  test("says that nothing is newer", async () => {
    home = await openShopHouse({ versions: oneVersion });
    await expect(plan("ix-shop-web-1", "shop")).rejects.toMatchObject({ code: "nothing_to_do" });
  });
});

describe("no plan", () => {
  test("for an app that is stopped, that TrueNAS works on, or that nobody has", async () => {
    home = await openShopHouse();
    home.nas.middleware.jobs.step_ms = null;
    const job = home.nas.middleware.call({ loggedIn: true, failedBefore: false }, "app.redeploy", ["shop"]);
    await expect(plan("shop")).rejects.toMatchObject({ code: "conflict" });
    home.nas.middleware.jobs.finish(Number(job));
    home.app.running = false;
    await expect(plan("shop")).rejects.toMatchObject({
      code: "unsupported",
      message: "There is nothing to plan. shop: it is stopped, and TrueNAS upgrades only apps that run.",
    });
    await expect(plan("nothing")).rejects.toMatchObject({ code: "not_found" });
  });

  test("where a container that is not of it would lose its network", async () => {
    home = await openShopHouse();
    home.fake.engine.create("torrent", { Image: "db:1", HostConfig: { NetworkMode: "container:ix-shop-web-1" } });
    await expect(plan("shop")).rejects.toMatchObject({
      message: expect.stringContaining("torrent, which is not of it, would be cut off"),
    });
  });
});

describe("an update of an app that ends at any step goes back to what was", () => {
  const run = (): StepRun<Changes, Systems> => ({
    authorised: { planId: "p", digest: "d" },
    changes: home.changes,
    systems: home.systems,
    signal: new AbortController().signal,
    say: () => {},
  });
  const steps = new Map(Object.entries(updateSteps));
  const stepOf = (unit: Unit, at: number) => steps.get(unit.steps[at]?.step ?? "");
  const does = (unit: Unit, at: number) => stepOf(unit, at)?.does(unit.steps[at]?.args ?? {}, run());
  const undoes = (unit: Unit, at: number) => stepOf(unit, at)?.undoes(unit.steps[at]?.args ?? {}, undefined, run());

  const cases = [
    ...Array.from({ length: 4 }, (_, at) => ["version", at] as const),
    ...Array.from({ length: 4 }, (_, at) => ["image", at] as const),
  ];
  test.each(cases)("to another %s, killed after step %i, or in the middle of it", async (to, last) => {
    home = await openShopHouse(to === "image" ? { versions: shopVersions.slice(0, 1) } : {});
    home.fake.engine.registry.publish("web:1", shopImage("web:1 next"));
    const { units } = await proposeUpdates({ containers: ["ix-shop-web-1"] }, home.context);
    const [unit] = units;
    if (unit === undefined) throw new Error("nothing was planned");
    expect(unit.steps).toHaveLength(4);
    const before = runs();
    const images = ["ix-shop-web-1", "ix-shop-db-1"].map(imageOf);
    for (let at = 0; at <= last; at++) await does(unit, at);
    const standing = await stands(unit, home.systems);
    // What was deployed and is well stays, also where nobody waited for it.
    if (last >= 2) expect(standing.is).toBe("after");
    else expect(standing.is).toBe("before");
    for (let at = Math.min(last + 1, 3); at >= 0; at--) await undoes(unit, at);
    for (let at = Math.min(last + 1, 3); at >= 0; at--) await undoes(unit, at);
    expect([runs(), ["ix-shop-web-1", "ix-shop-db-1"].map(imageOf)]).toEqual([before, images]);
    expect(await stands(unit, home.systems)).toMatchObject({ is: "before" });
  });
});
