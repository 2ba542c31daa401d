import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openShopHouse, type ShopHouse } from "../support/shop-house.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";

const skipped = missing === null ? "" : ` [skipped: ${missing}]`;
const answers = { TZ: "Etc/UTC", run_as: { user: 0, group: 0 }, resources: { limits: { cpus: 2, memory: 4096 } } };

describe.skipIf(missing !== null)(`a user of its own in the answers to a TrueNAS chart${skipped}`, () => {
  let home: ShopHouse;
  let machine: Inhabited;
  beforeEach(async () => {
    home = await openShopHouse({ made: { custom: false, config: answers } });
    machine = inhabited(home);
    machine.folder("web", 0);
    const create = { HostConfig: { Binds: [`${machine.root}/web:/data`] } };
    home.app.versions = [{ version: "1.0.0", services: [{ name: "web", image: "web:1", create }] }];
    const ref = { project: "ix-shop", files: [], folder: "" };
    await home.changes.managers.truenas.one("nas").system.redeploy(ref, { services: [], onProgress: () => {} });
  });
  afterEach(async () => {
    machine.leave();
    await home.close();
  });
  const plan = (...checks: string[]) =>
    home.plan("fix_permissions", { findings: checks.map((check) => `ix-shop-web-1/${check}`) });
  const web = () => home.fake.engine.find("ix-shop-web-1");
  const users = () => machine.accounts.users.map(({ name }) => name);

  test("is made, gets the files, and TrueNAS deploys the chart with it", async () => {
    const asked = await plan("root_user");
    const { results } = await home.approveAndApply(asked.plan_id, "shop");
    expect(results?.[0]).toMatchObject({ outcome: "done" });
    expect(home.app.config).toMatchObject({ ...answers, run_as: { user: 3000, group: 3000 } });
    expect(web()).toMatchObject({ config: { User: "3000:3000" }, run: { status: "running" } });
    expect([users(), machine.owners("web")[0]]).toEqual([["root", "anna", "hs-ix-shop-web-1"], "3000:3000"]);
  });

  test("is undone where the app is not well: account, owners, answers and container are as before", async () => {
    const asked = await plan("root_user");
    web().image.behaviour.health = "unhealthy";
    const { results } = await home.approveAndApply(asked.plan_id, "shop");
    expect(results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect(home.app.config).toMatchObject(answers);
    expect(web()).toMatchObject({ config: { User: "0:0" }, run: { status: "running" } });
    expect([users(), machine.owners("web")[0]]).toEqual([["root", "anna"], "0:0"]);
  });

  test("comes alone: for rights there is no question, and it is said", async () => {
    await expect(plan("writable_rootfs")).rejects.toMatchObject({
      code: "nothing_to_do",
      message: expect.stringContaining("The chart that it is made from does not ask for read_only."),
    });
  });
});
