import { afterEach, describe, expect, test } from "vitest";
import type { PlanView } from "../../../src/confirm/define.ts";
import { shopImage } from "../../support/shop.ts";
import { openStackHouse, type StackHouse } from "../support/stack-house.ts";

let home: StackHouse;
afterEach(() => home.close());

const plan = (...containers: string[]) => home.plan("update_container", { containers });
const update = async (...containers: string[]) => home.approveAndApply((await plan(...containers)).plan_id);
const outcomes = ({ results }: PlanView) =>
  results?.map(({ target, outcome }) => `${target.kind} ${target.name}: ${outcome}`);
const imageOf = (name: string) => home.fake.engine.find(name).image.id;
const puts = () => home.portainer.exchanges.filter(({ method }) => method === "PUT");

describe("a container of a Portainer stack", () => {
  test("is pulled as approved and deployed by Portainer, which gets every variable again", async () => {
    home = await openStackHouse();
    const db = home.fake.engine.find("shop-db-1").id;
    const asked = await plan("shop-web-1");
    expect(asked).toMatchObject({
      title: "Update stack shop on nas",
      targets: [{ kind: "stack", host: "nas", name: "shop" }],
      changes: [
        `shop-web-1: web:1, image ${shopImage("web:1").id.slice(7, 19)} → the one with digest ${home.next.digest.slice(7, 19)}`,
        "Portainer deploys all of it; what did not change goes on: shop-db-1",
      ],
      undo: expect.stringContaining("If stack shop does not become well, its tags get the old images back"),
    });
    expect(JSON.stringify(asked)).not.toContain("s3cret");
    expect(puts()).toEqual([]);
    expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["stack shop: done"]);
    expect(imageOf("shop-web-1")).toBe(home.next.id);
    expect(home.fake.engine.find("shop-web-1").config.Env).toEqual(["PASSWORD=s3cret"]);
    // What did not change goes on as it is.
    expect(home.fake.engine.find("shop-db-1").id).toBe(db);
    expect(home.stack.env).toEqual([{ name: "PASSWORD", value: "s3cret" }]);
  });

  test("that does not become healthy gets its old image back, proven by its id", async () => {
    home = await openStackHouse({ health: "unhealthy" });
    const result = await update("shop-web-1");
    expect(outcomes(result)).toEqual(["stack shop: rolled_back"]);
    expect(result.results?.[0]?.why).toBe(
      "The stack shop is not well: shop-web-1: its healthcheck fails. Look at its log, and after an update at the release notes. " +
        `Now as before: stack shop is running: shop-db-1 runs image ${shopImage("db:1").id.slice(7, 19)}, ` +
        `shop-web-1 runs image ${shopImage("web:1").id.slice(7, 19)}.`,
    );
    expect([imageOf("shop-web-1"), home.fake.engine.tags.get("web:1")]).toEqual([
      shopImage("web:1").id,
      shopImage("web:1").id,
    ]);
    expect(puts()).toHaveLength(2);
  });

  test("whose new image can't be pulled is left alone: Portainer is not even asked", async () => {
    home = await openStackHouse();
    const asked = await plan("shop-web-1");
    home.fake.knobs.pull_fault = "registry_lost";
    expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["stack shop: rolled_back"]);
    expect(puts()).toEqual([]);
  });

  test("goes back also where Portainer's answer was lost", async () => {
    home = await openStackHouse();
    const asked = await plan("shop-web-1");
    home.portainer.knobs.lose_answer = true;
    expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["stack shop: rolled_back"]);
    expect(puts()).toHaveLength(2);
    expect(imageOf("shop-web-1")).toBe(shopImage("web:1").id);
  });

  test("whose stack somebody changed meanwhile makes the plan stale", async () => {
    home = await openStackHouse();
    const asked = await plan("shop-web-1");
    home.stack.env = [{ name: "PASSWORD", value: "another" }];
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "stale" });
    expect(puts()).toEqual([]);
  });

  test("of a stack from Git is not called updated where the repository brought something else along", async () => {
    home = await openStackHouse();
    const moved = home.stack.text.replace("db:1", "db:1 # faster");
    home.stack.git = { head: { hash: "2222", text: moved }, deployed: "1111" };
    const asked = await plan("shop-web-1");
    expect(asked.warnings.at(-1)).toContain("stack shop: Its file comes from a Git repository");
    const result = await home.approveAndApply(asked.plan_id);
    expect(outcomes(result)).toEqual(["stack shop: failed"]);
    expect(result.results?.[0]?.why).toContain("what is deployed is defined in another way than before");
  });

  test("says why there is no plan where Portainer does not show it", async () => {
    home = await openStackHouse();
    home.stack.fileHidden = true;
    await expect(plan("shop-web-1")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("Portainer does not show the file of this stack"),
    });
    home.portainer.stacks.length = 0;
    await expect(plan("shop-web-1")).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("Portainer shows no such stack to this API key"),
    });
  });

  test("is started and stopped through Docker, as Portainer itself does it with one container", async () => {
    home = await openStackHouse();
    const asked = await home.plan("control_container", { container: "shop-web-1", action: "stop" });
    expect(asked.title).toBe("Stop container shop-web-1 on nas");
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "done" });
    expect(puts()).toEqual([]);
  });
});
