import { chownSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";

describe.skipIf(missing !== null)(`a user of its own${missing === null ? "" : ` [skipped: ${missing}]`}`, () => {
  let home: GatedHouse;
  let machine: Inhabited;
  beforeEach(async () => {
    home = await openGatedHouse();
    machine = inhabited(home);
    run(home.fake, "web", { Env: ["A=1"], HostConfig: { Binds: [`${machine.folder("web", 0)}:/data`] } });
  });
  afterEach(async () => {
    machine.leave();
    await home.close();
  });
  const plan = (...findings: string[]) => home.plan("fix_permissions", { findings });
  const web = () => home.fake.engine.find("web");
  const users = () => machine.accounts.users.map(({ name, uid }) => `${name} ${uid}`);

  test("is made, gets the container's files, and is whom it runs as", async () => {
    const old = web().id;
    const asked = await plan("web/root_user", "web/new_privileges");
    expect(asked).toMatchObject({
      title: "Fix users and rights of 1 container on nas",
      risk: "destructive",
      targets: [{ kind: "container", host: "nas", name: "web" }],
      changes: [
        'web: + user: "3000:3000"',
        "web: + security_opt: [no-new-privileges:true]",
        "web runs as hs-web (3000), a new user",
        expect.stringContaining(`${machine.root}/web: 3 entries with another owner, from 0:0 to 3000:3000`),
      ],
      steps: [
        "Make the user hs-web (3000), as which nobody can log in, and its group",
        "Make the new web, not started yet, as web.steward-new",
        "Stop web",
        "Set the old web aside as web.steward-old",
        "Name the new one web",
        `Change owner or mode of exactly 3 listed entries of ${machine.root}/web, but for a few that go as their container stops, or of none`,
        "Start the new web",
        expect.stringMatching(/^Wait up to \d+ s until the new web is healthy$/),
        "Remove the old container web.steward-old; its image and its volumes stay",
      ],
    });
    const view = await home.approveAndApply(asked.plan_id, "web");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect(web()).toMatchObject({
      config: { User: "3000:3000", Env: ["A=1"] },
      host: { SecurityOpt: ["no-new-privileges:true"] },
      run: { status: "running" },
    });
    expect([web().id === old, users(), machine.owners("web")]).toEqual([
      false,
      ["root 0", "anna 1000", "hs-web 3000"],
      ["3000:3000", "3000:3000", "3000:3000"],
    ]);
  });

  test("goes again, and the files are whose they were, where the container can't do with it", async () => {
    const old = web().id;
    chownSync(join(machine.root, "web/two"), 4242, 4242);
    const asked = await plan("web/root_user");
    web().image.behaviour.health = "unhealthy";
    const view = await home.approveAndApply(asked.plan_id, "web");
    expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect([web().id, web().run.status, web().config.User ?? ""]).toEqual([old, "running", ""]);
    expect([users(), machine.owners("web")]).toEqual([
      ["root 0", "anna 1000"],
      ["0:0", "0:0", "4242:4242"],
    ]);
    expect([...home.fake.engine.containers.values()].map(({ name }) => name)).toEqual(["web"]);
  });

  test("is no longer the one that was approved where somebody took its number, or changed a file", async () => {
    const asked = await plan("web/root_user");
    machine.accounts.users.push({ name: "ben", uid: 3000, gid: 3000 });
    expect((await home.approveAndApply(asked.plan_id, "web")).status).toBe("stale");
    const again = await plan("web/root_user");
    expect(again.changes[0]).toBe('web: + user: "3001:3001"');
    chownSync(join(machine.root, "web/one"), 950, 950);
    expect((await home.approveAndApply(again.plan_id, "web")).status).toBe("stale");
    expect([users(), web().config.User ?? ""]).toEqual([["root 0", "anna 1000", "ben 3000"], ""]);
  });

  test("has its folders mended for it in the same walk", async () => {
    chownSync(join(machine.root, "web/one"), 950, 950);
    const asked = await plan("web/root_user", "web/admin_owned");
    expect(asked.targets).toEqual([{ kind: "container", host: "nas", name: "web" }]);
    const view = await home.approveAndApply(asked.plan_id, "web");
    expect(view.results?.map(({ outcome }) => outcome)).toEqual(["done"]);
    expect(machine.owners("web")).toEqual(["3000:3000", "3000:3000", "3000:3000"]);
  });

  test("is another one for each of two containers; what can't have one is left out, and its other findings are mended", async () => {
    run(home.fake, "db", { HostConfig: { Binds: [`${machine.folder("db", 0)}:/data`] } });
    run(home.fake, "pet", { HostConfig: { Privileged: true } });
    const asked = await plan("web/root_user", "db/root_user", "pet/root_user", "pet/new_privileges");
    expect(asked.title).toBe("Fix users and rights of 3 containers on nas");
    expect(asked.warnings).toContain(
      "Not in this plan: a user of its own for pet, because it is privileged, which makes root of any user; take that away first.",
    );
    const view = await home.approveAndApply(asked.plan_id, "web");
    expect(view.results?.map(({ outcome }) => outcome)).toEqual(["done", "done", "done"]);
    expect(["web", "db", "pet"].map((name) => home.fake.engine.find(name).config.User ?? "")).toEqual([
      "3000:3000",
      "3001:3001",
      "",
    ]);
    expect(machine.owners("db")).toEqual(["3001:3001", "3001:3001", "3001:3001"]);
  });
});
