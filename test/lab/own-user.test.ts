import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accountChangesOverShell, accountsOverShell } from "../../src/systems/accounts/index.ts";
import { connectDocker } from "../../src/systems/docker/index.ts";
import { connectFileChanges, connectFiles } from "../../src/systems/files/index.ts";
import { fleet } from "../../src/systems/fleet.ts";
import { connectShell } from "../../src/systems/shell/index.ts";
import type { Changes, ToolContext } from "../../src/tools/define.ts";
import { fixPermissions } from "../../src/tools/permissions/fix-permissions.ts";
import { noChanges } from "../support/no-systems.ts";
import { accountsContract } from "../systems/accounts/contract.ts";
import { gated } from "../tools/storage/gated-storage.ts";
import { type HomeOfTools, openHome, stateFolder } from "./support/home.ts";
import { type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";

const files = ["passwd", "group", "shadow", "gshadow", "subuid", "subgid"].flatMap((name) => [
  `/etc/${name}`,
  `/etc/${name}-`,
]);
/** This machine's own, put back byte for byte whatever becomes of a test. */
const accountsOf = () => new Map(files.filter((path) => existsSync(path)).map((path) => [path, readFileSync(path)]));
const inUse = () => [...accountsOf()].filter(([path]) => !path.endsWith("-"));

describe.skipIf(labMissing !== null)(titled("users of their own for real containers"), () => {
  let lab: Lab;
  let home: HomeOfTools;
  let docker: ReturnType<typeof connectDocker>;
  let before: ReturnType<typeof accountsOf>;
  beforeAll(async () => {
    before = accountsOf();
    lab = await startLab();
    home = openHome(await stateFolder(lab), lab.socket);
    docker = connectDocker({ kind: "socket", path: lab.socket }, { deadlines: { read_ms: 60_000 } });
    await lab.publish("web", 1);
  });
  afterAll(async () => {
    for (const path of files) {
      const bytes = before.get(path);
      if (bytes === undefined) rmSync(path, { force: true });
      else if (!readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
    }
    await docker.reading.close();
    await home.close();
    await lab.down();
  });

  accountsContract("this machine's groupadd, useradd, userdel and groupdel", async () => {
    const shells = connectShell({ kind: "local" });
    const was = accountsOf();
    return {
      reading: accountsOverShell(shells),
      changing: accountChangesOverShell(shells),
      async renumber(name, id) {
        execFileSync("/usr/sbin/usermod", ["-u", String(id), name]);
      },
      async close() {
        for (const [path, bytes] of was) writeFileSync(path, bytes);
        await shells.close();
      },
    };
  });

  describe("with a folder", () => {
    let root: string;
    let tree: string;
    let gate: Awaited<ReturnType<typeof gated>>;
    beforeEach(async () => {
      root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-lab-user-")));
      chmodSync(root, 0o755);
      tree = join(root, "app");
      mkdirSync(join(tree, "inner"), { recursive: true, mode: 0o700 });
      for (const name of ["secret", "inner/log"]) writeFileSync(join(tree, name), "x\n", { mode: 0o600 });
      const shells = connectShell({ kind: "local" }, [root]);
      const plain = home.context();
      const context: ToolContext = {
        ...plain,
        systems: {
          ...plain.systems,
          accounts: fleet("shell", ["nas"], () => accountsOverShell(shells)),
          files: fleet("shell", ["nas"], () => connectFiles(shells, [root])),
        },
      };
      const changes: Changes = {
        ...noChanges,
        accounts: fleet("shell", ["nas"], () => accountChangesOverShell(shells)),
        docker: fleet("docker", ["nas"], () => docker.changing),
        files: fleet("shell", ["nas"], () => connectFileChanges(shells)),
      };
      gate = await gated(fixPermissions, context, changes);
    });
    afterEach(async () => {
      gate.close();
      await lab.docker("rm", "-f", "app");
      rmSync(root, { recursive: true });
    });
    const owners = () =>
      ["", "secret", "inner", "inner/log"].map((name) => {
        const { uid, gid, mode, ino, mtimeMs } = lstatSync(join(tree, name));
        return { name, owner: `${uid}:${gid}`, mode: (mode & 0o7777).toString(8), ino, mtimeMs };
      });
    const now = () => docker.reading.inspect("app");
    async function run(health: string, ...options: string[]) {
      const check = ["--health-interval", "300ms", "--health-retries", "2", "--health-cmd", health];
      await lab.docker("run", "-d", "--name", "app", "-v", `${tree}:/config`, ...check, ...options);
      expect(
        await until(
          async () => (await now()).State.Health?.Status,
          (is) => is === "healthy",
        ),
      ).toBe("healthy");
    }
    const usesIt = "cat /config/secret && echo x >> /config/inner/log && busybox touch /config/new";

    it("runs as that user, and reads and writes what was root's", async () => {
      await run(usesIt, `${registry}/web`);
      const view = await gate.run(await gate.plan({ findings: ["app/root_user"] }), "app");
      expect(view.results?.[0]).toMatchObject({ outcome: "done" });
      const [user] = (await accountsOverShell(connectShell({ kind: "local" })).read()).users.filter(
        ({ name }) => name === "hs-app",
      );
      expect(user?.uid).toBeGreaterThanOrEqual(3000);
      const container = await now();
      expect(container.Config.User).toBe(`${user?.uid}:${user?.gid}`);
      expect(lstatSync(`/proc/${container.State.Pid}`).uid).toBe(user?.uid);
      expect(owners().map(({ owner, mode }) => `${owner} ${mode}`)).toEqual(
        ["700", "600", "700", "600"].map((mode) => `${user?.uid}:${user?.gid} ${mode}`),
      );
      expect(lstatSync(join(tree, "new")).uid).toBe(user?.uid);
      expect(readFileSync("/etc/shadow", "utf8")).toMatch(/^hs-app:!/m);
      execFileSync("/usr/sbin/userdel", ["hs-app"]);
    });

    it("is taken back bit for bit where the container needs root", async () => {
      await run('[ "$(busybox id -u)" = 0 ]', `${registry}/web`);
      const [was, files, passwords] = [await now(), owners(), inUse()];
      const view = await gate.run(await gate.plan({ findings: ["app/root_user"] }), "app");
      expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
      expect(owners()).toEqual(files);
      expect(inUse()).toEqual(passwords);
      const back = await now();
      expect([back.Id, back.State.Running, back.Config.User]).toEqual([was.Id, true, ""]);
    });

    it("is named by the variables of an image that becomes whom they say", async () => {
      await lab.docker("run", "-d", "--name", "app", `${registry}/web`);
      const becomes =
        'echo "abc:x:$PUID:$PGID::/:/bin/sh" >> /etc/passwd; exec busybox su abc -c "exec /bin/serve /www1"';
      await lab.docker(
        "exec",
        "app",
        "sh",
        "-c",
        `printf '%s\\n' '#!/bin/sh' '${becomes}' > /bin/init; busybox chmod 755 /bin/init`,
      );
      await lab.docker("commit", "-c", 'ENTRYPOINT ["/bin/init"]', "app", "linuxserver/app:1");
      await lab.docker("rm", "-f", "app");
      await run("true", "-e", "PUID=0", "-e", "PGID=0", "linuxserver/app:1");
      const view = await gate.run(await gate.plan({ findings: ["app/root_user"] }), "app");
      expect(view.results?.[0]).toMatchObject({ outcome: "done" });
      const container = await now();
      const uid = Number(container.Config.Env?.find((one) => one.startsWith("PUID="))?.slice("PUID=".length));
      expect(uid).toBeGreaterThanOrEqual(3000);
      expect(container.Config.Env).toContain(`PGID=${uid}`);
      expect(container.Config.User).toBe("");
      expect((await docker.reading.processes(container.Id)).map((one) => one.uid)).toContain(uid);
      expect(lstatSync(join(tree, "secret")).uid).toBe(uid);
      execFileSync("/usr/sbin/userdel", ["hs-app"]);
    });
  });
});
