import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fleet } from "../../../src/systems/fleet.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";

/** A database that runs as root with its password in its environment: what both parts of a plan have to agree upon. */
describe.skipIf(missing !== null)(`a user and secrets${missing === null ? "" : ` [skipped: ${missing}]`}`, () => {
  let home: GatedHouse;
  let machine: Inhabited;
  let file: string;
  beforeEach(async () => {
    home = await openGatedHouse();
    machine = inhabited(home);
    file = join(machine.root, "home-steward-secrets/postgres.POSTGRES_PASSWORD");
    run(home.fake, "postgres", {
      Env: ["POSTGRES_PASSWORD=canary-4711", "TZ=UTC"],
      HostConfig: { Binds: [`${machine.folder("data", 0)}:/var/lib/postgresql/data`] },
    });
  });
  afterEach(async () => {
    machine.leave();
    await home.close();
  });
  const findings = ["postgres/root_user", "postgres/env_secret", "postgres/capabilities_kept"];
  const plan = () => home.plan("fix_permissions", { findings });
  const database = () => home.fake.engine.find("postgres");
  const users = () => machine.accounts.users.map(({ name }) => name);

  test("come in one plan: the new user alone can read the secret's file", async () => {
    const asked = await plan();
    expect(asked.title).toBe("Fix users, secrets and rights of 1 container on nas");
    const view = await home.approveAndApply(asked.plan_id, "postgres");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    const { uid, mode } = lstatSync(file);
    expect([uid, (mode & 0o777).toString(8), readFileSync(file, "utf8")]).toEqual([3000, "400", "canary-4711"]);
    const { config, host } = database();
    expect(config).toMatchObject({
      User: "3000:3000",
      Env: ["TZ=UTC", "POSTGRES_PASSWORD_FILE=/run/secrets/postgres.POSTGRES_PASSWORD"],
    });
    expect(host).toMatchObject({
      CapDrop: ["ALL"],
      Mounts: [{ Type: "bind", Source: file, Target: "/run/secrets/postgres.POSTGRES_PASSWORD", ReadOnly: true }],
    });
    expect(machine.owners("data")).toEqual(["3000:3000", "3000:3000", "3000:3000"]);
    expect(JSON.stringify([asked, view, home.store.plans.get(asked.plan_id)])).not.toContain("canary");
  });

  test("leave alone the very same account, made by somebody in the moment of the step", async () => {
    const asked = await plan();
    const theirs = { name: "hs-postgres", id: 3000 };
    const { system } = home.changes.accounts.one("nas");
    home.changes.accounts = fleet("shell", ["nas"], () => ({
      remove: system.remove,
      async create(account) {
        await system.create(theirs);
        await system.create(account);
      },
    }));
    const view = await home.approveAndApply(asked.plan_id, "postgres");
    expect(view.results?.[0]).toMatchObject({
      outcome: "not_started",
      why: "The account hs-postgres or the number 3000 is taken. Plan it again.",
    });
    expect([users(), existsSync(file)]).toEqual([["root", "anna", "hs-postgres"], false]);
  });

  test("leave alone the very same file, written by somebody in the moment of the step", async () => {
    const asked = await plan();
    const { system } = home.changes.secretFiles.one("nas");
    home.changes.secretFiles = fleet("secrets_folder", ["nas"], () => ({
      ...system,
      async write(...its) {
        await system.write(...its);
        await system.write(...its);
      },
    }));
    const view = await home.approveAndApply(asked.plan_id, "postgres");
    expect(view.results?.[0]).toMatchObject({
      outcome: "failed",
      why: expect.stringMatching(/^A secret's file is there already\. Look whose it is, then plan it again\. Now: /),
    });
    expect([readFileSync(file, "utf8"), users()]).toEqual(["canary-4711", ["root", "anna"]]);
  });

  test("go together: account, owners, file and container are as before where it is not well", async () => {
    const { id } = database();
    const asked = await plan();
    database().image.behaviour.health = "unhealthy";
    const view = await home.approveAndApply(asked.plan_id, "postgres");
    expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect([database().id, database().config.Env]).toEqual([id, ["POSTGRES_PASSWORD=canary-4711", "TZ=UTC"]]);
    expect([existsSync(file), users(), machine.owners("data")]).toEqual([
      false,
      ["root", "anna"],
      ["0:0", "0:0", "0:0"],
    ]);
  });
});
