import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectDocker } from "../../src/systems/docker/index.ts";
import { connectFileChanges, connectFiles } from "../../src/systems/files/index.ts";
import { fleet } from "../../src/systems/fleet.ts";
import { connectShell } from "../../src/systems/shell/index.ts";
import type { Changes, ToolContext } from "../../src/tools/define.ts";
import { auditPermissions } from "../../src/tools/permissions/audit-permissions.ts";
import { fixPermissions } from "../../src/tools/permissions/fix-permissions.ts";
import { noChanges } from "../support/no-systems.ts";
import { gated } from "../tools/storage/gated-storage.ts";
import { type HomeOfTools, openHome, stateFolder } from "./support/home.ts";
import { type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";

const audit = z.looseObject({
  findings: z.array(z.looseObject({ id: z.string(), severity: z.string(), evidence: z.string() })),
  counts: z.looseObject({ containers: z.number() }),
  trees: z
    .array(z.looseObject({ path: z.string(), entries: z.number().nullable(), note: z.string().nullable() }))
    .optional(),
});

describe.skipIf(labMissing !== null)(titled("permissions of a real container and its folder"), () => {
  let lab: Lab;
  let home: HomeOfTools;
  let docker: ReturnType<typeof connectDocker>;
  beforeAll(async () => {
    lab = await startLab();
    home = openHome(await stateFolder(lab), lab.socket);
    docker = connectDocker({ kind: "socket", path: lab.socket }, { deadlines: { read_ms: 60_000 } });
    await lab.publish("web", 1);
  });
  afterAll(async () => {
    await docker.reading.close();
    await home.close();
    await lab.down();
  });

  describe("a real tree", () => {
    let root: string;
    let tree: string;
    let gate: Awaited<ReturnType<typeof gated>>;
    let context: ToolContext;
    const names = ["", "open", "admins", "suid", "twice", "out", "inner", "inner/mounted"];
    const state = () =>
      names.map((name) => {
        const { uid, gid, mode, ino, mtimeMs, size } = lstatSync(join(tree, name));
        return `${name} ${uid}:${gid} ${(mode & 0o7777).toString(8)} ${ino} ${mtimeMs} ${size}`;
      });
    const at = (name: string) => {
      const { uid, mode } = lstatSync(join(tree, name));
      return `${uid} ${(mode & 0o7777).toString(8)}`;
    };

    beforeEach(async () => {
      root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-lab-trees-")));
      tree = join(root, "tree");
      mkdirSync(join(tree, "inner"), { recursive: true });
      writeFileSync(join(root, "secret"), "x");
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", join(tree, "inner")]);
      for (const name of ["open", "admins", "suid", "twice", "inner/mounted"]) writeFileSync(join(tree, name), "x");
      symlinkSync(join(root, "secret"), join(tree, "out"));
      linkSync(join(tree, "twice"), join(root, "second"));
      for (const name of ["", "open", "suid"]) lchownSync(join(tree, name), 4242, 4242);
      for (const name of ["admins", "twice", "out", "inner/mounted"]) lchownSync(join(tree, name), 950, 950);
      chmodSync(join(tree, "open"), 0o777);
      chmodSync(join(tree, "suid"), 0o4755);
      chmodSync(join(tree, "inner/mounted"), 0o666);
      const shells = connectShell({ kind: "local" }, [root]);
      const plain = home.context();
      context = {
        ...plain,
        systems: { ...plain.systems, files: fleet("shell", ["nas"], () => connectFiles(shells, [root])) },
      };
      const changes: Changes = {
        ...noChanges,
        docker: fleet("docker", ["nas"], () => docker.changing),
        files: fleet("shell", ["nas"], () => connectFileChanges(shells)),
      };
      gate = await gated(fixPermissions, context, changes);
    });
    afterEach(async () => {
      gate.close();
      await lab.docker("rm", "-f", "app");
      execFileSync("umount", [join(tree, "inner")]);
      rmSync(root, { recursive: true });
    });
    /** Runs as 4242, well as long as `health` says so. */
    async function run(health = "true", user = "4242:4242") {
      const options = ["--user", user, "-v", `${tree}:/config`, "--health-interval", "300ms", "--health-retries", "2"];
      await lab.docker("run", "-d", "--name", "app", ...options, "--health-cmd", health, `${registry}/web`);
      const status = async () => (await docker.reading.inspect("app")).State.Health?.Status;
      expect(await until(status, (now) => now === "healthy")).toBe("healthy");
    }
    const ids = ["app/world_writable", "app/admin_owned", "app/setuid_files"];

    it("is walked with what is mounted inside, a link out of it not followed", async () => {
      await run();
      const { structured } = await auditPermissions.call({ container: "app", trees: true }, context);
      const { findings, trees } = audit.parse(structured);
      expect(trees).toEqual([expect.objectContaining({ path: tree, entries: 9, note: null })]);
      const by = new Map(findings.map(({ id, evidence }) => [id, evidence.split(":")[0]]));
      expect(by.get("app/world_writable")).toBe(`2 that all may write in ${tree}`);
      expect(by.get("app/admin_owned")).toBe(`4 of an administrator's in ${tree}`);
      expect(by.get("app/setuid_files")).toBe(`1 with setuid in ${tree}`);
    });

    it("is mended as listed: nothing outside, no second name, nothing mounted inside", async () => {
      await run();
      const view = await gate.run(await gate.plan({ findings: ids }), tree);
      expect(view.results?.[0]).toMatchObject({ outcome: "done" });
      expect(names.slice(1).map((name) => `${name} ${at(name)}`)).toEqual([
        "open 4242 775",
        "admins 4242 644",
        "suid 4242 755",
        "twice 950 644",
        "out 4242 777",
        "inner 0 1777",
        "inner/mounted 950 666",
      ]);
      expect(lstatSync(join(root, "secret")).uid).toBe(0);
      expect((await docker.reading.inspect("app")).State.Running).toBe(true);
    });

    it("is undone bit for bit where the container does not get well with it", async () => {
      await run("busybox stat -c %a /config/open | grep -q 777");
      const before = state();
      const view = await gate.run(await gate.plan({ findings: ids }), tree);
      expect(view.results?.[0]).toMatchObject({ outcome: "rolled_back" });
      expect(state()).toEqual(before);
      expect((await docker.reading.inspect("app")).State.Running).toBe(true);
    });

    it.each([
      ["done", "true"],
      ["rolled_back", "test ! -e /config/ran || test ! -e /config/stopped"],
    ])(
      "is %s where the container removes a file of its own as it stops, and makes it anew",
      async (outcome, health) => {
        const script =
          "umask 0; busybox touch /config/pid; test -e /config/stopped && busybox touch /config/ran; " +
          "trap 'busybox rm /config/pid; busybox touch /config/stopped; exit 0' TERM; while :; do sleep 1 & wait $!; done";
        const options = [
          "--user",
          "4242:4242",
          "-v",
          `${tree}:/config`,
          "--health-interval",
          "300ms",
          "--health-retries",
          "2",
        ];
        const shell = ["--entrypoint", "/bin/sh", `${registry}/web`, "-c", script];
        await lab.docker("run", "-d", "--name", "app", ...options, "--health-cmd", health, ...shell);
        const status = async () => (await docker.reading.inspect("app")).State.Health?.Status;
        expect(await until(status, (now) => now === "healthy")).toBe("healthy");
        const view = await gate.run(await gate.plan({ findings: ids }), tree);
        expect(view.results?.[0]).toMatchObject({ outcome });
        expect(view.results?.[0]?.why).toContain("1 gone or replaced, 0 otherwise");
        expect(at("pid")).toBe("4242 666");
        expect(at("suid")).toBe(outcome === "done" ? "4242 755" : "4242 4755");
      },
    );

    it("belongs to a container that is made again with fewer rights, or put back where it needs them", async () => {
      await run();
      const was = await docker.reading.inspect("app");
      const less = ["app/new_privileges", "app/capabilities_kept", "app/writable_rootfs"];
      const view = await gate.run(await gate.plan({ findings: less }), "app");
      expect(view.results?.[0]).toMatchObject({ outcome: "done" });
      const now = await docker.reading.inspect("app");
      expect(now.Id).not.toBe(was.Id);
      expect(now.HostConfig).toMatchObject({
        SecurityOpt: ["no-new-privileges:true"],
        CapDrop: ["ALL"],
        ReadonlyRootfs: true,
        Binds: was.HostConfig.Binds,
      });
      expect([now.Image, now.State.Health?.Status]).toEqual([was.Image, "healthy"]);
      await lab.docker("rm", "-f", "app");
      // It writes where it may not any more.
      await run("busybox touch /written", "0");
      const other = await docker.reading.inspect("app");
      const failed = await gate.run(await gate.plan({ findings: ["app/writable_rootfs"] }), "app");
      expect(failed.results?.[0]).toMatchObject({ outcome: "rolled_back" });
      const back = await docker.reading.inspect("app");
      expect([back.Id, back.State.Running]).toEqual([other.Id, true]);
    });

    it("is left alone where a file was renamed between plan and apply", async () => {
      await run();
      const plan = await gate.plan({ findings: ids });
      renameSync(join(tree, "admins"), join(tree, "moved"));
      expect((await gate.run(plan, tree)).status).toBe("stale");
      expect([at("moved"), at("open"), at("suid")]).toEqual(["950 644", "4242 777", "4242 4755"]);
    });
  });
});
