import { lstatSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deployStack } from "../../../src/demo/docker/portainer-stacks.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { auditPermissions } from "../../../src/tools/permissions/audit-permissions.ts";
import { shopImage } from "../../support/shop.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";
import { openStackHouse, type StackHouse } from "../support/stack-house.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";
import { folder, withSecretFiles } from "./secret-house.ts";

const secret = "correct-horse-4711";
const file = `${folder}/postgres.POSTGRES_PASSWORD`;
const target = "/run/secrets/postgres.POSTGRES_PASSWORD";

describe("secrets in files instead of the environment", () => {
  let home: GatedHouse;
  let machine: ReturnType<typeof withSecretFiles>;
  beforeEach(async () => {
    home = await openGatedHouse();
    machine = withSecretFiles(home);
    run(home.fake, "postgres", { Env: [`POSTGRES_PASSWORD=${secret}`, "POSTGRES_USER=me"] });
  });
  afterEach(() => home.close());
  const plan = (...findings: string[]) => home.plan("fix_permissions", { findings });
  const postgres = () => home.fake.engine.find("postgres");

  test("are written first, and the container is made again that reads them", async () => {
    const asked = await plan("postgres/env_secret");
    expect(asked).toMatchObject({
      title: "Fix secrets of 1 container on nas",
      risk: "destructive",
      changes: [
        `postgres: + environment: POSTGRES_PASSWORD_FILE=${target}, in place of POSTGRES_PASSWORD`,
        `postgres: the value of POSTGRES_PASSWORD moves into ${file}`,
      ],
    });
    expect(asked.steps.slice(0, 2)).toEqual([
      `Write the value of POSTGRES_PASSWORD of postgres into ${file}, which uid 999 alone may read`,
      "Make the new postgres, not started yet, as postgres.steward-new",
    ]);
    expect(machine.files.size).toBe(0);
    const view = await home.approveAndApply(asked.plan_id, "postgres");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect(machine.files.get(file)).toEqual({ uid: 999, mode: 0o440, value: secret });
    expect(postgres().config.Env).toEqual(["POSTGRES_USER=me", `POSTGRES_PASSWORD_FILE=${target}`]);
    expect(postgres().host.Mounts).toEqual([{ Type: "bind", Source: file, Target: target, ReadOnly: true }]);
    const { text } = await auditPermissions.call({ container: "postgres" }, home.context);
    expect(text).not.toContain("env_secret");
  });

  test("go back where they were, and the file is gone, where the container is not well without", async () => {
    const old = postgres().id;
    const asked = await plan("postgres/env_secret");
    postgres().image.behaviour.health = "unhealthy";
    const view = await home.approveAndApply(asked.plan_id, "postgres");
    expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect([postgres().id, postgres().run.status, machine.files.size]).toEqual([old, "running", 0]);
    expect(postgres().config.Env).toContain(`POSTGRES_PASSWORD=${secret}`);
  });

  test("are left alone where a file of that name came meanwhile", async () => {
    const asked = await plan("postgres/env_secret");
    machine.files.set(file, { uid: 999, mode: 0o440, value: "theirs" });
    expect((await home.approveAndApply(asked.plan_id, "postgres")).status).toBe("stale");
    expect(machine.files.get(file)?.value).toBe("theirs");
    await expect(plan("postgres/env_secret")).rejects.toThrow(
      "because POSTGRES_PASSWORD stays: a file of that name is there already",
    );
  });

  test("that can't move stay, and it is said why", async () => {
    run(home.fake, "mysql", { Env: [`MYSQL_PASSWORD=${secret}`, `BACKUP_TOKEN=${secret}`] });
    run(home.fake, "unknown", { Env: [`API_KEY=${secret}`] });
    const asked = await plan("mysql/env_secret", "unknown/env_secret");
    expect(asked.targets.map(({ name }) => name)).toEqual(["mysql"]);
    expect(asked.warnings).toContain("mysql: BACKUP_TOKEN stays: its image reads it from the environment only.");
    expect(asked.warnings).toContain(
      "Not in this plan: files in place of secrets for unknown, because its image is not known to read any file.",
    );
    await home.approveAndApply(asked.plan_id, "mysql");
    expect(home.fake.engine.find("mysql").config.Env).toContain(`BACKUP_TOKEN=${secret}`);
    expect([...machine.files.keys()]).toEqual([`${folder}/mysql.MYSQL_PASSWORD`]);
  });

  test("need a folder that no container has", async () => {
    run(home.fake, "files", { HostConfig: { Binds: ["/mnt:/mnt"] } });
    await expect(plan("postgres/env_secret")).rejects.toThrow(
      "the folder for secrets is open to files, which have it or one above it mounted",
    );
    const other = await openGatedHouse();
    run(other.fake, "postgres", { Env: [`POSTGRES_PASSWORD=${secret}`] });
    await expect(other.plan("fix_permissions", { findings: ["postgres/env_secret"] })).rejects.toThrow(
      "because no folder for secrets is configured: add secrets_folder to the host",
    );
    await other.close();
  });

  test.each(["userns", "rootless"])("stay where the engine has user numbers of its own: %s", async (option) => {
    const { system } = home.systems.docker.one("nas");
    const info = async () => ({ ...(await system.info()), security_options: [option] });
    home.systems.docker = fleet("docker", ["nas"], () => ({ ...system, info }));
    await expect(plan("postgres/env_secret")).rejects.toThrow(
      "because its engine gives containers other user numbers than the machine's",
    );
  });

  test("a folder above it that is mounted read-only is said", async () => {
    run(home.fake, "metrics", { HostConfig: { Binds: ["/:/rootfs:ro"] } });
    expect((await plan("postgres/env_secret")).warnings).toContain(
      "metrics has a folder above the one for secrets mounted read-only, and sees it.",
    );
  });

  test("a folder that lets others in is a reason, and a machine that is silent an error", async () => {
    const refusing = (code: "refused" | "unreachable") =>
      fleet("secrets_folder", ["nas"], () => ({
        folder,
        look: () => Promise.reject(new StewardError(code, "The folder for secrets has an access list.", "Mend it.")),
      }));
    home.systems.secretFiles = refusing("refused");
    await expect(plan("postgres/env_secret")).rejects.toMatchObject({
      code: "nothing_to_do",
      message: expect.stringContaining("because the folder for secrets has an access list."),
    });
    home.systems.secretFiles = refusing("unreachable");
    await expect(plan("postgres/env_secret")).rejects.toMatchObject({ code: "unreachable" });
  });
});

describe.skipIf(missing !== null)(
  `secrets and a user in one plan${missing === null ? "" : ` [skipped: ${missing}]`}`,
  () => {
    let home: GatedHouse;
    let machine: Inhabited;
    beforeEach(async () => {
      home = await openGatedHouse();
      machine = inhabited(home);
      run(home.fake, "postgres", {
        Env: [`POSTGRES_PASSWORD=${secret}`],
        HostConfig: { Binds: [`${machine.folder("db", 0)}:/var/lib/postgresql/data`] },
      });
    });
    afterEach(async () => {
      machine.leave();
      await home.close();
    });
    const written = () => lstatSync(join(machine.root, "home-steward-secrets/postgres.POSTGRES_PASSWORD"));

    test("the file is the new user's, and goes with it where the container is not well", async () => {
      const findings = ["postgres/env_secret", "postgres/root_user", "postgres/capabilities_kept"];
      const failing = await home.plan("fix_permissions", { findings });
      const { image } = home.fake.engine.find("postgres");
      image.behaviour.health = "unhealthy";
      const view = await home.approveAndApply(failing.plan_id, "postgres");
      expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
      expect(written).toThrow("ENOENT");
      expect(machine.owners("db")[0]).toBe("0:0");
      image.behaviour.health = "healthy";
      const asked = await home.plan("fix_permissions", { findings });
      expect((await home.approveAndApply(asked.plan_id, "postgres")).results?.[0]).toMatchObject({ outcome: "done" });
      expect([written().uid, written().gid, written().mode & 0o777]).toEqual([3000, 0, 0o400]);
      expect(home.fake.engine.find("postgres").config).toMatchObject({
        User: "3000:3000",
        Env: [`POSTGRES_PASSWORD_FILE=${target}`],
      });
    });
  },
);

describe("secrets of a Portainer stack", () => {
  let home: StackHouse;
  let machine: ReturnType<typeof withSecretFiles>;
  const before = `services:
  db:
    image: postgres:16 # the family's
    environment:
      POSTGRES_USER: me
      POSTGRES_PASSWORD: ${secret}
`;
  beforeEach(async () => {
    home = await openStackHouse();
    machine = withSecretFiles(home);
    home.fake.engine.registry.publish("postgres:16", shopImage("postgres:16"));
    home.fake.engine.addImage(shopImage("postgres:16"), "postgres:16");
    home.stack.text = before;
    deployStack(home.fake.engine, home.stack);
  });
  afterEach(() => home.close());
  const plan = () => home.plan("fix_permissions", { findings: ["shop-db-1/env_secret"] });
  const db = () => home.fake.engine.find("shop-db-1");
  const name = "shop-db-1.POSTGRES_PASSWORD";

  test("are in its file no more, and in the file that it names", async () => {
    const asked = await plan();
    const view = await home.approveAndApply(asked.plan_id, "shop");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect(home.stack.text).toBe(`services:
  db:
    image: postgres:16 # the family's
    environment:
      POSTGRES_USER: me
      POSTGRES_PASSWORD_FILE: "/run/secrets/${name}"
    secrets:
      - ${name}
secrets:
  ${name}:
    file: ${folder}/${name}
`);
    expect(machine.files.get(`${folder}/${name}`)).toMatchObject({ uid: 999, value: secret });
    expect(db().config.Env).toEqual(["POSTGRES_USER=me", `POSTGRES_PASSWORD_FILE=/run/secrets/${name}`]);
  });

  test("are back in its file, byte for byte, where it is not well", async () => {
    const asked = await plan();
    db().image.behaviour.health = "unhealthy";
    const view = await home.approveAndApply(asked.plan_id, "shop");
    expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect(home.stack.text).toBe(before);
    expect([machine.files.size, db().run.status]).toEqual([0, "running"]);
    expect(db().config.Env).toContain(`POSTGRES_PASSWORD=${secret}`);
  });

  test("that stay, because Portainer can't deploy the stack, are not to be deleted anywhere", async () => {
    home.stack.status = 3;
    await expect(plan()).rejects.toMatchObject({
      code: "nothing_to_do",
      message: "There is nothing to mend. Not in this plan: shop-db-1, because Portainer is busy with it.",
    });
  });

  test("that Portainer keeps as a variable leave the file, and a person is told to delete them there", async () => {
    const named = `\${PASSWORD}`;
    home.stack.text = before.replace(secret, named);
    deployStack(home.fake.engine, home.stack);
    const asked = await plan();
    expect(asked.warnings).toContain(
      "shop-db-1: what Portainer keeps as the stack's own variables stays there; delete there what held POSTGRES_PASSWORD.",
    );
    await home.approveAndApply(asked.plan_id, "shop");
    expect(home.stack.text).not.toContain(named);
    expect(machine.files.get(`${folder}/${name}`)?.value).toBe("s3cret");
    expect(home.stack.env).toEqual([{ name: "PASSWORD", value: "s3cret" }]);
  });
});
