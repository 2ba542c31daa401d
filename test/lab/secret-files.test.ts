import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectDocker } from "../../src/systems/docker/index.ts";
import { fleet } from "../../src/systems/fleet.ts";
import { composeChanges, composeProjects } from "../../src/systems/managers/index.ts";
import { connectSecretFileChanges, connectSecretFiles } from "../../src/systems/secret-files/index.ts";
import { connectShell } from "../../src/systems/shell/index.ts";
import { fixPermissions } from "../../src/tools/permissions/fix-permissions.ts";
import { noChanges } from "../support/no-systems.ts";
import { gated } from "../tools/storage/gated-storage.ts";
import { type HomeOfTools, openHome, stateFolder } from "./support/home.ts";
import { type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";

const secret = 'c0rrect "horse" $4711';

describe.skipIf(labMissing !== null)(titled("secrets in files for real containers"), () => {
  let lab: Lab;
  let home: HomeOfTools;
  let docker: ReturnType<typeof connectDocker>;
  let root: string;
  let secrets: string;
  let gate: Awaited<ReturnType<typeof gated>>;
  beforeAll(async () => {
    await promisify(execFile)(fileURLToPath(new URL("../../lab/compose.sh", import.meta.url)));
    lab = await startLab();
    home = openHome(await stateFolder(lab), lab.socket);
    docker = connectDocker({ kind: "socket", path: lab.socket }, { deadlines: { read_ms: 60_000 } });
    await lab.publish("web", 1);
    await lab.docker("pull", `${registry}/web`);
    // The images that read files are known by their names.
    await lab.docker("tag", `${registry}/web`, "postgres:16");
  });
  afterAll(async () => {
    await docker.reading.close();
    await home.close();
    await lab.down();
  });
  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-lab-secrets-")));
    chmodSync(root, 0o755);
    secrets = join(root, "home-steward-secrets");
    const shells = connectShell({ kind: "local" }, [root]);
    const place = { engine: lab.socket, roots: [root] };
    const plain = home.context();
    const systems = {
      ...plain.systems,
      secretFiles: fleet("secrets_folder", ["nas"], () => connectSecretFiles(shells, secrets)),
      managers: { ...plain.systems.managers, compose: fleet("compose", ["nas"], () => composeProjects(shells, place)) },
    };
    const changes = {
      ...noChanges,
      docker: fleet("docker", ["nas"], () => docker.changing),
      secretFiles: fleet("secrets_folder", ["nas"], () => connectSecretFileChanges(shells, secrets)),
      managers: { ...noChanges.managers, compose: fleet("compose", ["nas"], () => composeChanges(shells, place)) },
    };
    gate = await gated(fixPermissions, { ...plain, systems }, changes);
  });
  afterEach(async () => {
    gate.close();
    await lab.docker("rm", "-f", "db");
    rmSync(root, { recursive: true });
  });

  const now = (name = "db") => docker.reading.inspect(name);
  const healthy = async (name = "db") =>
    expect(
      await until(
        async () => (await now(name)).State.Health?.Status,
        (is) => is === "healthy",
      ),
    ).toBe("healthy");
  async function run(health: string, ...options: string[]) {
    const check = ["--health-interval", "300ms", "--health-retries", "2", "--health-cmd", health];
    await lab.docker(
      "run",
      "-d",
      "--name",
      "db",
      "-e",
      `POSTGRES_PASSWORD=${secret}`,
      ...check,
      ...options,
      "postgres:16",
    );
    await healthy();
  }
  const reading = (name = "db") => lab.docker("exec", name, "sh", "-c", 'cat "$POSTGRES_PASSWORD_FILE"');
  const inspected = (name = "db") => lab.docker("inspect", name);
  const bits = (path: string) => {
    const { uid, gid, mode } = lstatSync(path);
    return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
  };
  const file = () => join(secrets, "db.POSTGRES_PASSWORD");

  it("are read by the container's own user, and are in its environment no more", async () => {
    await run("true", "--user", "4242:4242");
    const view = await gate.run(await gate.plan({ findings: ["db/env_secret"] }), "db");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect(await reading()).toBe(secret);
    expect(await inspected()).not.toContain("4711");
    expect([bits(secrets), bits(file())]).toEqual(["0:0 711", "4242:0 400"]);
    await expect(
      lab.docker("exec", "--user", "5000:5000", "db", "cat", "/run/secrets/db.POSTGRES_PASSWORD"),
    ).rejects.toThrow("Permission denied");
    await expect(
      lab.docker("exec", "--user", "0", "db", "sh", "-c", "echo x > /run/secrets/db.POSTGRES_PASSWORD"),
    ).rejects.toThrow("Read-only file system");
  });

  it("are read by root without any capability, on a file system that it can't write", async () => {
    await run("true");
    const findings = ["env_secret", "capabilities_kept", "writable_rootfs", "new_privileges"].map((one) => `db/${one}`);
    const view = await gate.run(await gate.plan({ findings }), "db");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect((await now()).HostConfig).toMatchObject({ CapDrop: ["ALL"], ReadonlyRootfs: true });
    expect(bits(file())).toBe("999:0 440");
    expect(await reading()).toBe(secret);
  });

  it("are back in its environment, and the file is gone, where the container can't do with it", async () => {
    await run('[ -z "$POSTGRES_PASSWORD_FILE" ]');
    const was = await now();
    const view = await gate.run(await gate.plan({ findings: ["db/env_secret"] }), "db");
    expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
    const is = await now();
    expect([is.Id, is.State.Running, is.Config.Env]).toEqual([was.Id, true, was.Config.Env]);
    expect(readdirSync(secrets)).toEqual([]);
  });

  describe("of a compose project", () => {
    let project: string;
    const defined = (health: string) => `services:
  db:
    image: postgres:16 # the family's
    environment:
      POSTGRES_PASSWORD: ${JSON.stringify(secret.replaceAll("$", "$$$$"))}
    healthcheck: { test: [CMD-SHELL, ${JSON.stringify(health.replaceAll("$", "$$$$"))}], interval: 300ms, retries: 2 }
`;
    const compose = (...words: string[]) =>
      lab.docker("compose", "--project-directory", project, "-f", `${project}/compose.yaml`, ...words);
    async function up(health: string) {
      project = join(root, "shop");
      mkdirSync(project);
      writeFileSync(join(project, "compose.yaml"), defined(health));
      await compose("up", "-d", "--pull", "never", "--wait");
    }
    afterEach(() => compose("down"));
    const fixed = async () => gate.run(await gate.plan({ findings: ["shop-db-1/env_secret"] }), "shop");
    const text = () => readFileSync(join(project, "compose.yaml"), "utf8");

    it("are in no file of it any more, and compose finds nothing to mend", async () => {
      await up("true");
      const view = await fixed();
      expect(view.results?.[0]).toMatchObject({ outcome: "done" });
      await healthy("shop-db-1");
      expect(await reading("shop-db-1")).toBe(secret);
      for (const name of readdirSync(project)) expect(readFileSync(join(project, name), "utf8")).not.toContain("4711");
      expect(await inspected("shop-db-1")).not.toContain("4711");
      const { Id } = await now("shop-db-1");
      await compose("up", "-d", "--pull", "never");
      expect((await now("shop-db-1")).Id).toBe(Id);
    });

    it("are back in its file, byte for byte, where it is not well", async () => {
      const health = '[ -z "$POSTGRES_PASSWORD_FILE" ]';
      await up(health);
      const view = await fixed();
      expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
      expect(text()).toBe(defined(health));
      expect(readdirSync(project)).toEqual(["compose.yaml"]);
      expect((await now("shop-db-1")).Config.Env).toContain(`POSTGRES_PASSWORD=${secret}`);
      expect(existsSync(join(secrets, "shop-db-1.POSTGRES_PASSWORD"))).toBe(false);
    });
  });
});
