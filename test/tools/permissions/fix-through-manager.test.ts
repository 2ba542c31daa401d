import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deployStack } from "../../../src/demo/docker/portainer-stacks.ts";
import { openShopHouse, type ShopHouse } from "../support/shop-house.ts";
import { openStackHouse, type StackHouse } from "../support/stack-house.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";

const skipped = missing === null ? "" : ` [skipped: ${missing}]`;
const steps = (who: string, container: string, project: string, stop: string) => [
  `Make the user hs-${container} (3000), as which nobody can log in, and its group`,
  stop,
  expect.stringMatching(
    /^Change owner or mode of exactly 3 listed entries of \S+\/web, but for a few that go as their container stops, or of none$/,
  ),
  `Have ${who} keep the changed file, and make ${container} by it`,
  `Wait up to 185 s until ${project} is well`,
];

describe.skipIf(missing !== null)(`a user of its own through a Portainer stack${skipped}`, () => {
  let home: StackHouse;
  let machine: Inhabited;
  let before: string;
  beforeEach(async () => {
    home = await openStackHouse();
    machine = inhabited(home);
    before = `services:
  web:
    image: web:1
    environment: ["PASSWORD=\${PASSWORD}"]
    volumes: ["${machine.folder("web", 0)}:/data"] # its own
  db:
    image: db:1
`;
    home.stack.text = before;
    home.fake.engine.registry.publish("web:1", home.fake.engine.image("web:1"));
    deployStack(home.fake.engine, home.stack);
  });
  afterEach(async () => {
    machine.leave();
    await home.close();
  });
  const plan = () => home.plan("fix_permissions", { findings: ["shop-web-1/root_user", "shop-web-1/new_privileges"] });
  const web = () => home.fake.engine.find("shop-web-1");
  const users = () => machine.accounts.users.map(({ name }) => name);

  test("is made, gets the files, and Portainer deploys the stack with it: one plan", async () => {
    const [old, db] = [web().id, home.fake.engine.find("shop-db-1").id];
    const asked = await plan();
    expect(asked).toMatchObject({ targets: [{ kind: "stack", host: "nas", name: "shop" }] });
    expect(asked.steps).toEqual(steps("Portainer", "shop-web-1", "stack shop", "Stop shop-web-1"));
    expect(asked.changes).toContain('shop-web-1: + user: "3000:3000"');
    const view = await home.approveAndApply(asked.plan_id, "shop");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect(home.stack.text).toBe(`services:
  web:
    image: web:1
    environment: ["PASSWORD=\${PASSWORD}"]
    volumes: ["${machine.root}/web:/data"] # its own
    user: "3000:3000"
    security_opt:
      - no-new-privileges:true
  db:
    image: db:1
`);
    expect(home.stack.env).toEqual([{ name: "PASSWORD", value: "s3cret" }]);
    expect(web()).toMatchObject({
      config: { User: "3000:3000", Env: ["PASSWORD=s3cret"] },
      host: { SecurityOpt: ["no-new-privileges:true"] },
      run: { status: "running" },
    });
    expect([web().id === old, home.fake.engine.find("shop-db-1").id === db]).toEqual([false, true]);
    expect([users(), machine.owners("web")]).toEqual([
      ["root", "anna", "hs-shop-web-1"],
      ["3000:3000", "3000:3000", "3000:3000"],
    ]);
  });

  test("is undone where the stack is not well: account, owners, file and container are as before", async () => {
    const asked = await plan();
    web().image.behaviour.health = "unhealthy";
    const view = await home.approveAndApply(asked.plan_id, "shop");
    expect(view.results?.[0]).toMatchObject({
      outcome: "rolled_back",
      why: expect.stringContaining("its healthcheck fails"),
    });
    expect(home.stack.text).toBe(before);
    expect([web().config.User ?? "", web().run.status]).toEqual(["", "running"]);
    expect([users(), machine.owners("web")]).toEqual([
      ["root", "anna"],
      ["0:0", "0:0", "0:0"],
    ]);
  });

  test("comes with what else is mended of the stack: it is deployed once", async () => {
    const findings = ["shop-web-1/root_user", "shop-db-1/new_privileges"];
    const asked = await home.plan("fix_permissions", { findings });
    expect(asked).toMatchObject({
      title: "Fix users and rights of 2 containers on nas",
      targets: [{ kind: "stack", host: "nas", name: "shop" }],
    });
    const view = await home.approveAndApply(asked.plan_id, "shop");
    expect(view.results?.map(({ outcome }) => outcome)).toEqual(["done"]);
    expect(web().config.User).toBe("3000:3000");
    expect(home.fake.engine.find("shop-db-1")).toMatchObject({
      host: { SecurityOpt: ["no-new-privileges:true"] },
      run: { status: "running" },
    });
  });

  test("is stale where the stack's file was changed meanwhile", async () => {
    const asked = await plan();
    home.stack.text = before.replace("db:1", "db:1 # mine");
    expect((await home.approveAndApply(asked.plan_id, "shop")).status).toBe("stale");
    expect([users(), machine.owners("web")[0]]).toEqual([["root", "anna"], "0:0"]);
  });
});

describe.skipIf(missing !== null)(`a user of its own through an app of TrueNAS${skipped}`, () => {
  let home: ShopHouse;
  let machine: Inhabited;
  const file = (user: object) => ({
    services: {
      web: { image: "web:1", volumes: [`${machine.root}/web:/data`], ...user },
      db: { image: "db:1" },
    },
  });
  beforeEach(async () => {
    home = await openShopHouse();
    machine = inhabited(home);
    machine.folder("web", 0);
    home.app.custom = true;
    home.app.config = file({});
    const ref = { project: "ix-shop", files: [], folder: "" };
    await home.changes.managers.truenas.one("nas").system.redeploy(ref, { services: [], onProgress: () => {} });
  });
  afterEach(async () => {
    machine.leave();
    await home.close();
  });
  const plan = () => home.plan("fix_permissions", { findings: ["ix-shop-web-1/root_user"] });
  const web = () => home.fake.engine.find("ix-shop-web-1");
  const users = () => machine.accounts.users.map(({ name }) => name);

  test("is made, gets the files, and TrueNAS deploys its owner's file with it: one plan", async () => {
    const asked = await plan();
    expect(asked).toMatchObject({ targets: [{ kind: "app", host: "nas", name: "shop" }] });
    expect(asked.steps).toEqual(steps("TrueNAS", "ix-shop-web-1", "app shop", "Have TrueNAS stop app shop"));
    const view = await home.approveAndApply(asked.plan_id, "shop");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect(home.app.config).toEqual(file({ user: "3000:3000" }));
    expect(web()).toMatchObject({ config: { User: "3000:3000" }, run: { status: "running" } });
    expect([users(), machine.owners("web")]).toEqual([
      ["root", "anna", "hs-ix-shop-web-1"],
      ["3000:3000", "3000:3000", "3000:3000"],
    ]);
  });

  test("is undone where the app is not well: account, owners, file and container are as before", async () => {
    const asked = await plan();
    web().image.behaviour.health = "unhealthy";
    const view = await home.approveAndApply(asked.plan_id, "shop");
    expect(view.results?.[0]).toMatchObject({
      outcome: "rolled_back",
      why: expect.stringContaining("its healthcheck fails"),
    });
    expect(home.app.config).toEqual(file({}));
    expect([web().config.User ?? "", web().run.status, home.app.running]).toEqual(["", "running", true]);
    expect([users(), machine.owners("web")]).toEqual([
      ["root", "anna"],
      ["0:0", "0:0", "0:0"],
    ]);
  });
});
