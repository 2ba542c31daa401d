import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectSecretFileChanges, connectSecretFiles } from "../../../src/systems/secret-files/index.ts";
import { secretBoot, secretProgram } from "../../../src/systems/secret-files/program.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { playedSecretFiles } from "../../support/played-secret-files.ts";
import { type Machine, secretFilesContract } from "./contract.ts";

function over(runner: Runner, root: string): Machine {
  const folder = `${root}/home-steward-secrets`;
  return {
    files: connectSecretFiles({ reading: shellOver(runner, readingCommands, [root]) }, folder),
    changes: connectSecretFileChanges({ changing: shellOver(runner, changingCommands, [root]) }, folder),
  };
}

describe("secrets' files on a played machine", () => {
  secretFilesContract(() => over(playedSecretFiles().runner, "/mnt/tank"));

  it("have their value in no argument of a program", async () => {
    const { runner, ran } = playedSecretFiles();
    const { changes } = over(runner, "/mnt/tank");
    const file = "/mnt/tank/home-steward-secrets/db.PASSWORD";
    await changes.write(file, { uid: 0, root_group: false }, "canary-4711");
    await changes.read(file);
    await changes.remove(file, "canary-4711");
    expect(ran).toHaveLength(3);
    expect(ran.join("\n")).not.toContain("canary");
  });
});

const missing =
  process.platform !== "linux" || process.getuid?.() !== 0 ? "needs Linux and root: owners are given" : null;

describe.skipIf(missing !== null)(`secrets' files${missing === null ? "" : ` [skipped: ${missing}]`}`, () => {
  let root: string;
  let folder: string;
  let file: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-secrets-")));
    folder = join(root, "home-steward-secrets");
    file = join(folder, "db.PASSWORD");
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const here = () => over(localRunner(), root);
  const owners = { uid: 999, root_group: false };
  const bits = (path: string) => {
    const { uid, gid, mode } = lstatSync(path);
    return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
  };

  secretFilesContract(here);

  it("are for one user in a folder that nobody else can list", async () => {
    await here().changes.write(file, owners, "s3cret");
    expect([bits(folder), bits(file)]).toEqual(["0:0 711", "999:0 400"]);
    await here().changes.write(`${file}_2`, { uid: 33, root_group: true }, "s3cret");
    expect(bits(`${file}_2`)).toBe("33:0 440");
    expect(readdirSync(folder).toSorted()).toEqual(["db.PASSWORD", "db.PASSWORD_2"]);
  });

  it("take the place of what a run that was cut off left, and of it alone", async () => {
    await here().changes.write(`${file}_2`, owners, "x");
    writeFileSync(join(folder, ".db.PASSWORD"), "half");
    await here().changes.write(file, owners, "whole");
    expect(readdirSync(folder).toSorted()).toEqual(["db.PASSWORD", "db.PASSWORD_2"]);
    writeFileSync(join(folder, ".db.PASSWORD"), "half");
    await here().changes.remove(file, "whole");
    expect(readdirSync(folder)).toEqual(["db.PASSWORD_2"]);
  });

  const acl = ["/usr/bin/setfacl", "/bin/setfacl"].some((path) => existsSync(path));
  const folders: [string, () => void][] = [
    ["belongs to somebody else", () => chownSync(folder, 1000, 0)],
    ["may be listed by all", () => chmodSync(folder, 0o755)],
    ["may be written by its group", () => chmodSync(folder, 0o730)],
    [
      "is a link",
      () => {
        rmSync(folder, { recursive: true });
        mkdirSync(join(root, "elsewhere"), { mode: 0o700 });
        symlinkSync(join(root, "elsewhere"), folder);
      },
    ],
    ...(acl && takesLists()
      ? [
          ["has an access list", () => void execFileSync("setfacl", ["-m", "u:1000:--x", folder])] satisfies [
            string,
            () => void,
          ],
        ]
      : []),
  ];
  it.each(folders)("are not kept in a folder that %s", async (_, spoil) => {
    mkdirSync(folder, { mode: 0o700 });
    spoil();
    await expect(here().files.look(file)).rejects.toMatchObject({ code: "refused" });
    await expect(here().changes.write(file, owners, "x")).rejects.toMatchObject({ code: "refused" });
    await expect(here().changes.read(file)).rejects.toMatchObject({ code: "refused" });
    expect(readdirSync(folder)).toEqual([]);
  });

  const others: [string, () => void][] = [
    ["a link", () => symlinkSync(join(root, "else"), file)],
    ["a file that all may read", () => writeFileSync(file, "x", { mode: 0o644 })],
    [
      "a file with a second name",
      () => {
        linkSync(join(root, "else"), file);
      },
    ],
    ["a folder", () => mkdirSync(file)],
    ["a pipe", () => void execFileSync("/usr/bin/mkfifo", ["-m", "400", file])],
  ];
  it.each(others)("are not %s", async (_, plant) => {
    mkdirSync(folder, { mode: 0o711 });
    writeFileSync(join(root, "else"), "not ours", { mode: 0o400 });
    plant();
    await expect(here().files.look(file)).rejects.toMatchObject({ code: "refused" });
    await expect(here().changes.read(file)).rejects.toMatchObject({ code: "refused" });
    await expect(here().changes.write(file, owners, "x")).rejects.toMatchObject({ code: "refused" });
    await expect(here().changes.remove(file, "not ours")).rejects.toMatchObject({ code: "refused" });
    expect(lstatSync(file).ino).toBeGreaterThan(0);
    expect(readFileSync(join(root, "else"), "utf8")).toBe("not ours");
  });

  it("make no more than their own folder", async () => {
    const deeper = over(localRunner(), root);
    const machine = {
      ...deeper,
      changes: connectSecretFileChanges(
        { changing: shellOver(localRunner(), changingCommands, [root]) },
        `${root}/gone/home-steward-secrets`,
      ),
    };
    const path = `${root}/gone/home-steward-secrets/db.PASSWORD`;
    await expect(machine.changes.write(path, owners, "x")).rejects.toMatchObject({ code: "not_found" });
    expect(readdirSync(root)).toEqual([]);
  });

  it.runIf(acl && takesLists())("leave no folder behind that would inherit an access list", async () => {
    execFileSync("setfacl", ["-d", "-m", "u:1000:rx", root]);
    await expect(here().changes.write(file, owners, "x")).rejects.toMatchObject({ code: "refused" });
    expect(readdirSync(root)).toEqual([]);
  });

  it("are touched by that program only, byte for byte", () => {
    const { status } = spawnSync("/usr/bin/python3", ["-I", "-c", secretBoot, "read", "--", file], {
      input: secretProgram.replace("0o066", "0o000"),
    });
    expect(status).toBe(97);
  });
});

/** Whether this filesystem has access lists at all. */
function takesLists(): boolean {
  const probe = mkdtempSync(join(tmpdir(), "home-steward-acl-"));
  try {
    return spawnSync("setfacl", ["-m", "u:1000:r", probe]).status === 0;
  } finally {
    rmSync(probe, { recursive: true });
  }
}
