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
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectFileChanges, connectFiles, type Files } from "../../../src/systems/files/index.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import type { Changes, ToolContext } from "../../../src/tools/define.ts";
import { fixPermissions } from "../../../src/tools/permissions/fix-permissions.ts";
import { good } from "../../analysis/permissions/zoo.ts";
import { playedRig } from "../../systems/zfs/changes-rigs.ts";
import { gated } from "../storage/gated-storage.ts";
import { type House, openHouse } from "../support/house.ts";
import { furnishZoo } from "./zoo-house.ts";

const missing =
  process.platform !== "linux" || process.getuid?.() !== 0 ? "needs Linux and root: owners are changed" : null;
const [plain] = good;

describe.skipIf(missing !== null)(`fix_permissions${missing === null ? "" : ` [skipped: ${missing}]`}`, () => {
  let house: House;
  let root: string;
  let tree: string;
  let outside: string;
  let gate: Awaited<ReturnType<typeof gated>>;
  let context: ToolContext;
  let changes: Changes;

  /** As lstat has it, but for what a change of owner itself leaves behind (ctime). */
  const state = () =>
    Object.fromEntries(
      ["", "bin", "bin/suid", "open", "admins", "twice", "link", "fine", "tmp"].map((name) => {
        const { uid, gid, mode, ino, mtimeMs } = lstatSync(join(tree, name));
        return [name, `${uid}:${gid} ${(mode & 0o7777).toString(8)} ${ino} ${mtimeMs}`];
      }),
    );
  const running = (name: string) => house.fake.engine.find(name).run.status;
  const mode = (name: string) => (lstatSync(join(tree, name)).mode & 0o7777).toString(8);
  const owner = (name: string) => lstatSync(join(tree, name)).uid;

  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-fix-")));
    tree = join(root, "tree");
    outside = join(root, "outside");
    mkdirSync(join(tree, "bin"), { recursive: true });
    mkdirSync(join(tree, "tmp"));
    mkdirSync(outside);
    writeFileSync(join(outside, "secret"), "x", { mode: 0o666 });
    for (const name of ["bin/suid", "open", "admins", "twice", "fine"]) writeFileSync(join(tree, name), "x");
    symlinkSync(join(outside, "secret"), join(tree, "link"));
    linkSync(join(tree, "twice"), join(outside, "second"));
    for (const name of ["", "bin", "bin/suid", "open", "fine", "tmp"]) lchownSync(join(tree, name), 4242, 4242);
    for (const name of ["admins", "twice", "link"]) lchownSync(join(tree, name), 950, 950);
    chmodSync(join(tree, "bin/suid"), 0o4755);
    chmodSync(join(tree, "open"), 0o777);
    chmodSync(join(tree, "twice"), 0o666);
    chmodSync(join(tree, "tmp"), 0o1777);

    house = await openHouse({ empty: true });
    if (plain === undefined) throw new Error("the zoo is empty");
    const make = (name: string, uid: number, mount: string) => ({
      ...plain,
      name,
      create: JSON.parse(
        JSON.stringify({ ...plain.create, User: `${uid}:${uid}`, HostConfig: { NetworkMode: "zoo", Binds: [mount] } }),
      ),
    });
    furnishZoo(house.fake.engine, [make("app", 4242, `${tree}:/config`), make("reader", 5000, `${tree}/open:/x:ro`)]);
    const runner = localRunner();
    const reading = shellOver(runner, readingCommands, [root]);
    const changing = shellOver(runner, changingCommands, [root]);
    context = {
      ...house.context,
      systems: { ...house.systems, files: fleet("shell", ["nas"], () => connectFiles({ reading }, [root])) },
    };
    changes = {
      ...house.changes,
      files: fleet("shell", ["nas"], () => connectFileChanges({ changing })),
    };
    gate = await gated(fixPermissions, context, changes);
  });
  afterEach(async () => {
    gate.close();
    await house.close();
    rmSync(root, { recursive: true, force: true });
  });
  const all = ["app/world_writable", "app/admin_owned", "app/setuid_files"];

  test("plans exactly what it will do, and says whom it stops and what it leaves", async () => {
    const plan = await gate.plan({ findings: all });
    expect(plan).toMatchObject({
      title: "Fix owners and modes of 4 entries in 1 folder on nas",
      risk: "destructive",
      targets: [{ kind: "folder", host: "nas", name: tree }],
      changes: [
        // find gives entries as the folder has them.
        expect.stringMatching(
          /: 2 entries with another owner, from 950:950 to 4242:4242, for example \S+(link|admins), \S+(link|admins)$/,
        ),
        `${tree}: 1 entry no longer writable by all, for example ${tree}/open`,
        `${tree}: 1 entry without setuid or setgid, for example ${tree}/bin/suid`,
      ],
      steps: [
        "Stop reader",
        "Stop app",
        `Change owner or mode of exactly 4 listed entries of ${tree}, but for a few that go as their container stops, or of none`,
        "Start app",
        "Wait up to 185 s until app is well",
        "Start reader",
        "Wait up to 185 s until reader is well",
      ],
    });
    expect(plan.warnings).toContain("Stopped meanwhile: app, reader.");
    expect(plan.warnings).toContain(
      `1 files of ${tree} have further names, perhaps outside of it, and are left as they are.`,
    );
  });
  test("changes the listed entries and no other, and the containers run again", async () => {
    const view = await gate.run(await gate.plan({ findings: all }), tree);
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect([mode("open"), mode("bin/suid"), owner("admins"), owner("link")]).toEqual(["775", "755", 4242, 4242]);
    // Left: a second name, the sticky folder, what was right, and all outside.
    expect([mode("twice"), owner("twice"), mode("tmp"), mode("fine")]).toEqual(["666", 950, "1777", "644"]);
    expect((lstatSync(join(outside, "secret")).mode & 0o777).toString(8)).toBe("644");
    expect(lstatSync(join(outside, "secret")).uid).toBe(0);
    expect([running("app"), running("reader")]).toEqual(["running", "running"]);
  });

  test("a choice of findings changes only what they are about", async () => {
    await gate.run(await gate.plan({ findings: ["app/setuid_files"] }), tree);
    expect([mode("open"), mode("bin/suid"), owner("admins")]).toEqual(["777", "755", 950]);
  });

  test("is stale, and changes nothing, where a file was renamed meanwhile", async () => {
    const plan = await gate.plan({ findings: all });
    renameSync(join(tree, "open"), join(tree, "renamed"));
    const view = await gate.run(plan, tree);
    expect(view.status).toBe("stale");
    expect([mode("renamed"), mode("bin/suid"), owner("admins")]).toEqual(["777", "4755", 950]);
    expect(running("app")).toBe("running");
  });

  test("is undone bit for bit when a container does not come back", async () => {
    const before = state();
    const plan = await gate.plan({ findings: all });
    house.fake.engine.find("app").image.behaviour.health = "unhealthy";
    const view = await gate.run(plan, tree);
    expect(view.results?.[0]).toMatchObject({
      outcome: "rolled_back",
      why: expect.stringContaining("0 of 4 entries are as planned, 4 as before, 0 gone or replaced, 0 otherwise."),
    });
    expect([running("app"), running("reader")]).toEqual(["running", "running"]);
    expect(state()).toEqual(before);
  });

  test("waits for no container that was not well before it, and says so", async () => {
    const { image } = house.fake.engine.find("reader");
    house.fake.engine.find("reader").image = { ...image, behaviour: { ...image.behaviour, health: "unhealthy" } };
    const plan = await gate.plan({ findings: all });
    expect(plan.steps.slice(-3)).toEqual(["Start app", expect.stringMatching(/until app is well$/), "Start reader"]);
    expect(plan.warnings).toContain("Not well before it either, and not waited for: reader.");
    expect((await gate.run(plan, tree)).results?.[0]).toMatchObject({ outcome: "done" });
    expect([mode("open"), running("reader")]).toEqual(["775", "running"]);
  });

  test("needs the folder's name typed by a person", async () => {
    const plan = await gate.plan({ findings: all });
    await expect(gate.run(plan)).rejects.toMatchObject({ code: "refused" });
    await expect(gate.run(plan, "app")).rejects.toMatchObject({ code: "refused" });
  });

  test("offers nothing for findings of another kind, or without anything to mend", async () => {
    await expect(gate.plan({ findings: ["app/docker_socket"] })).rejects.toMatchObject({ code: "unsupported" });
    await gate.run(await gate.plan({ findings: all }), tree);
    await expect(gate.plan({ findings: all })).rejects.toMatchObject({ code: "nothing_to_do" });
    await expect(gate.plan({ findings: ["nobody/world_writable"] })).rejects.toMatchObject({ code: "not_found" });
  });

  test("gives nobody's files away, and mends the rest", async () => {
    Object.assign(house.fake.engine.find("app").config, { User: "0" });
    const plan = await gate.plan({ findings: ["app/admin_owned", "app/setuid_files"] });
    expect(plan.title).toBe("Fix owners and modes of 1 entry in 1 folder on nas");
    expect(plan.warnings).toContain(
      "Not in this plan: admin_owned of app, because it has no user of its own that files could be given to.",
    );
    await expect(gate.plan({ findings: ["app/admin_owned"] })).rejects.toMatchObject({ code: "nothing_to_do" });
  });

  test("takes a snapshot first where the folder lies on ZFS, and destroys it again when all is undone", async () => {
    const rig = await playedRig();
    const { system } = context.systems.files.one("nas");
    const onZfs: Files = {
      ...system,
      mounts: async () => [{ path: root, source: rig.dataset, filesystem: "zfs", network: false, acl: "posix" }],
    };
    gate.close();
    gate = await gated(
      fixPermissions,
      {
        ...context,
        clock: { ...context.clock, now: () => Date.UTC(2027, 0, 15, 12) },
        systems: {
          ...context.systems,
          files: fleet("shell", ["nas"], () => onZfs),
          zfs: fleet("zfs", ["nas"], () => rig.reading),
        },
      },
      { ...changes, zfs: fleet("zfs", ["nas"], () => rig.changing) },
    );
    const names = async () => (await rig.reading.snapshots({ dataset: rig.dataset })).map(({ name }) => name);
    const snapshot = `tank/data@home-steward-owners-20270115T120000-${lstatSync(tree).ino}`;
    const plan = await gate.plan({ findings: all });
    expect(plan.steps[0]).toBe(`Take the snapshot ${snapshot}`);
    house.fake.engine.find("app").image.behaviour.health = "unhealthy";
    expect((await gate.run(plan, tree)).results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect(await names()).toEqual([]);
    house.fake.engine.find("app").image.behaviour.health = "healthy";
    expect((await gate.run(await gate.plan({ findings: all }), tree)).results?.[0]).toMatchObject({ outcome: "done" });
    expect(await names()).toEqual([snapshot]);
  });

  const host = (name: string) => house.fake.engine.find(name).host;

  test("makes a container again with fewer rights, and nothing else about it changes", async () => {
    const { id, config } = house.fake.engine.find("reader");
    const plan = await gate.plan({
      findings: ["reader/new_privileges", "reader/capabilities_kept", "reader/writable_rootfs"],
    });
    expect(plan).toMatchObject({
      title: "Fix rights of 1 container on nas",
      changes: [
        "reader: + security_opt: [no-new-privileges:true]",
        "reader: + cap_drop: [ALL]",
        "reader: + read_only: true",
        "reader: + tmpfs: [/tmp, /run]",
      ],
    });
    const view = await gate.run(plan, "reader");
    expect(view.results?.[0]).toMatchObject({ outcome: "done", why: expect.stringContaining("Made again: reader") });
    expect(house.fake.engine.find("reader").id).not.toBe(id);
    expect(house.fake.engine.find("reader").config).toMatchObject({ User: config.User, Image: config.Image });
    expect(host("reader")).toMatchObject({
      SecurityOpt: ["no-new-privileges:true"],
      CapDrop: ["ALL"],
      ReadonlyRootfs: true,
      Tmpfs: { "/tmp": "", "/run": "" },
      NetworkMode: "zoo",
      Binds: [`${tree}/open:/x:ro`],
    });
    expect(running("reader")).toBe("running");
  });

  test("mends a folder and its container in one plan", async () => {
    const plan = await gate.plan({ findings: ["app/new_privileges", "app/world_writable"] });
    expect(plan.title).toBe("Fix owners and modes of 1 entry in 1 folder and rights of 1 container on nas");
    const view = await gate.run(plan, tree);
    expect(view.results?.map(({ outcome }) => outcome)).toEqual(["done", "done"]);
    expect([mode("open"), host("app").SecurityOpt, running("app")]).toEqual([
      "775",
      ["no-new-privileges:true"],
      "running",
    ]);
  });

  test("puts the old container back where the new one does not get well", async () => {
    const { id, image } = house.fake.engine.find("reader");
    const plan = await gate.plan({ findings: ["reader/capabilities_kept"] });
    image.behaviour.health = "unhealthy";
    expect((await gate.run(plan, "reader")).results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect(house.fake.engine.find("reader").id).toBe(id);
    expect([running("reader"), host("reader").CapDrop]).toEqual(["running", null]);
  });

  test("leaves what somebody else makes to who makes it, and says so", async () => {
    Object.assign(house.fake.engine.find("reader").config, {
      Labels: {
        "com.docker.compose.project": "ix-reader",
        "com.docker.compose.project.working_dir": "/mnt/.ix-apps/app_configs/reader",
      },
    });
    await expect(gate.plan({ findings: ["reader/new_privileges"] })).rejects.toMatchObject({
      code: "nothing_to_do",
      message: expect.stringContaining("TrueNAS makes it from its app's settings"),
    });
  });
});
