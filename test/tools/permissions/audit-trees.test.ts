import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { connectFiles, type Files } from "../../../src/systems/files/index.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { readingCommands } from "../../../src/systems/shell/table.ts";
import { auditPermissions } from "../../../src/tools/permissions/audit-permissions.ts";
import { good } from "../../analysis/permissions/zoo.ts";
import { playedRunner } from "../../support/played-shell.ts";
import { type House, openHouse } from "../support/house.ts";
import { furnishZoo } from "./zoo-house.ts";

const audit = z.looseObject({
  score: z.number(),
  findings: z.array(z.looseObject({ id: z.string(), evidence: z.string() })),
  trees: z.array(z.looseObject({ path: z.string(), entries: z.number().nullable(), note: z.string().nullable() })),
});
const [plain] = good;

describe.skipIf(process.platform !== "linux")("mounted trees (needs GNU find)", () => {
  let house: House;
  let root: string;
  afterEach(async () => {
    await house.close();
    rmSync(root, { recursive: true });
  });

  /** One good container over `tree` in a folder of its own. */
  async function open(make: (tree: string) => void, mounted = (tree: string) => tree) {
    root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-trees-")));
    const tree = join(root, "tree");
    mkdirSync(tree);
    make(tree);
    house = await openHouse({ empty: true });
    if (plain === undefined) throw new Error("the zoo is empty");
    const host = z.looseObject({}).parse(plain.create.HostConfig);
    const create = { ...plain.create, User: "4242:4242", HostConfig: { ...host, Binds: [`${mounted(tree)}:/data`] } };
    furnishZoo(house.fake.engine, [{ ...plain, create: JSON.parse(JSON.stringify(create)) }]);
    // As root without sudo: the account of a test may have none.
    const reading = shellOver({ ...localRunner(), root: true }, readingCommands, [root]);
    const systems = { ...house.systems, files: fleet("files", ["nas"], () => connectFiles({ reading }, [root])) };
    const said: string[] = [];
    const context = { ...house.context, systems, progress: (_: number, __: number, what: string) => said.push(what) };
    const ask = async (more = {}) =>
      audit.parse((await auditPermissions.call({ trees: true, detail: "full", ...more }, context)).structured);
    return { tree, ask, said, context };
  }

  test("are walked and judged, with examples that can hide nothing", async () => {
    const { tree, ask, said } = await open((path) => {
      writeFileSync(join(path, "open\n\u202eevil"), "");
      chmodSync(join(path, "open\n\u202eevil"), 0o666);
      writeFileSync(join(path, "private"), "");
      chmodSync(join(path, "private"), 0o600);
      writeFileSync(join(path, "suid"), "");
      chmodSync(join(path, "suid"), 0o4755);
    });
    const { score, findings, trees } = await ask();
    expect(score).toBeLessThan(100);
    const by = new Map(findings.map(({ id, evidence }) => [id, evidence]));
    expect([...by.keys()].toSorted()).toEqual([
      "plain/setuid_files",
      "plain/unreadable",
      "plain/unwritable",
      "plain/world_writable",
    ]);
    expect(by.get("plain/world_writable")).toBe(`1 that all may write in ${tree}: ${tree}/open evil`);
    expect(by.get("plain/unreadable")).toBe(`1 that it can't read in ${tree}: ${tree}/private`);
    expect(trees).toEqual([
      expect.objectContaining({ host: "nas", path: tree, entries: 4, world_writable: 1, setuid: 1, note: null }),
    ]);
    expect(said).toEqual(["0 entries of plain's folder"]);
  });

  test("that lead over a link, or are not there, are said and not walked", async () => {
    const over = await open(
      () => symlinkSync("/etc", join(root, "link")),
      () => join(root, "link"),
    );
    expect((await over.ask()).trees).toEqual([
      expect.objectContaining({ entries: null, note: expect.stringContaining("leads over a symbolic link") }),
    ]);
    await house.close();
    rmSync(root, { recursive: true });
    const gone = await open(
      () => {},
      (tree) => `${tree}/gone`,
    );
    expect((await gone.ask()).trees[0]?.note).toContain("nothing at this path");
  });

  test("outside of the roots are not touched", async () => {
    const { ask } = await open(
      () => {},
      () => "/opt/elsewhere",
    );
    expect((await ask()).trees).toEqual([
      expect.objectContaining({
        path: "/opt/elsewhere",
        entries: null,
        note: expect.stringContaining("outside of the host's roots"),
      }),
    ]);
  });

  test("are walked round a network mount inside of them that hangs: find would look at it", async () => {
    const { tree, context } = await open((path) => {
      writeFileSync(join(path, "open"), "");
      chmodSync(join(path, "open"), 0o666);
    });
    const { system } = context.systems.files.one("nas");
    const asked: string[] = [];
    const nfs = { path: `${tree}/far`, source: "nas:/far", filesystem: "nfs4", network: true, acl: null };
    const hanging: Files = {
      ...system,
      mounts: async (signal) => [...(await system.mounts(signal)), nfs],
      answers: async (path) => {
        asked.push(path);
        return false;
      },
      async *walk() {
        asked.push("find");
        yield [];
      },
    };
    const systems = { ...context.systems, files: fleet("shell", ["nas"], () => hanging) };
    const ask = async (more = {}) =>
      audit.parse((await auditPermissions.call({ trees: true, ...more }, { ...context, systems })).structured).trees;
    const found = { path: tree, entries: 2, world_writable: 1, note: `${tree}/far does not answer and was left out.` };
    expect(await ask()).toEqual([expect.objectContaining(found)]);
    // It would be a pass of its own, if it answered.
    expect(await ask({ network_mounts: true })).toEqual([expect.objectContaining(found)]);
    expect(asked).toEqual([`${tree}/far`, `${tree}/far`]);
  });

  test("say so where their access lists can't be read, and are walked all the same", async () => {
    const { tree, context } = await open(() => {});
    const { system } = context.systems.files.one("nas");
    const bare = shellOver(
      playedRunner(() => ({ code: 127 })),
      readingCommands,
      [root],
    );
    const { accessLists } = connectFiles({ reading: bare }, [root]);
    const mounts = async () => [{ path: "/", source: "x", filesystem: "ext4", acl: "posix" as const, network: false }];
    const systems = { ...context.systems, files: fleet("shell", ["nas"], () => ({ ...system, mounts, accessLists })) };
    const { structured } = await auditPermissions.call({ trees: true }, { ...context, systems });
    expect(audit.parse(structured).trees).toEqual([
      expect.objectContaining({
        path: tree,
        entries: 1,
        acls: null,
        note: expect.stringMatching(/^Access lists were not read. .*python3/),
      }),
    ]);
  });

  test("are left by a caller who is gone", async () => {
    const { context } = await open(() => {});
    const signal = AbortSignal.abort(new Error("gone"));
    await expect(auditPermissions.call({ trees: true }, { ...context, signal })).rejects.toThrow("gone");
  });

  test("of a machine without a shell are said, and its containers audited", async () => {
    const { context } = await open(() => {});
    const systems = house.systems;
    const { structured } = await auditPermissions.call({ trees: true }, { ...context, systems });
    expect(audit.parse(structured).trees[0]?.note).toBe(
      "No shell is configured on a host of that name. Add shell to a host in the configuration.",
    );
  });
});
