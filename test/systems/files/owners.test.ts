import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  connectFileChanges,
  connectFiles,
  type EntryChange,
  type FileEntry,
} from "../../../src/systems/files/index.ts";
import { unpack } from "../../../src/systems/files/packed.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";

const none = { before: 0, after: 0, halfway: 0, gone: 0, replaced: 0, other: 0 };
const missing =
  process.platform !== "linux" || process.getuid?.() !== 0 ? "needs Linux and root: owners are changed" : null;

describe.skipIf(missing !== null)(
  `lists of owners and modes${missing === null ? "" : ` [skipped: ${missing}]`}`,
  () => {
    let root: string;
    let tree: string;
    let outside: string;
    beforeEach(() => {
      root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-owners-")));
      tree = join(root, "tree");
      outside = join(root, "outside");
      mkdirSync(join(tree, "a/b"), { recursive: true });
      mkdirSync(outside);
      for (const name of ["a/one", "a/b/two", "three", "ünï\n'x"]) writeFileSync(join(tree, name), "x");
      writeFileSync(join(outside, "secret"), "x");
      symlinkSync(join(outside, "secret"), join(tree, "link"));
      chmodSync(join(tree, "a/one"), 0o4777);
      chmodSync(join(tree, "a"), 0o2777);
      for (const { path } of entriesHere()) lchownSync(path, 950, 951);
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    function at(roots = [root]) {
      const shells = {
        reading: shellOver(localRunner(), readingCommands, roots),
        changing: shellOver(localRunner(), changingCommands, roots),
      };
      return { files: connectFiles(shells, roots), changes: connectFileChanges(shells) };
    }
    function entriesHere() {
      const names = ["", "a", "a/b", "a/one", "a/b/two", "three", "ünï\n'x", "link"];
      return names.map((name) => ({ name, path: name === "" ? tree : join(tree, name) }));
    }
    const state = () =>
      Object.fromEntries(
        entriesHere().map(({ name, path }) => {
          const { uid, gid, mode, ino } = lstatSync(path);
          return [name, `${uid}:${gid} ${(mode & 0o7777).toString(8)} ${ino}`];
        }),
      );
    const secret = () => lstatSync(join(outside, "secret")).uid;

    /** Everything in the tree for user 2000, and for nobody else to write. */
    async function planned(wanted: (name: string) => boolean = () => true) {
      const { files, changes } = at();
      const entries: FileEntry[] = [];
      for await (const batch of files.walk(tree, {}))
        entries.push(...batch.map((entry) => ({ ...entry, path: Buffer.from(entry.path) })));
      const [top] = entries;
      if (top === undefined) throw new Error("an empty walk");
      const some = entries.filter(({ path }) => wanted(path.toString().slice(tree.length)));
      const all: EntryChange[] = some.map((entry) => ({
        entry,
        to: { uid: 2000, gid: 2001, mode: entry.mode & 0o1770 },
      }));
      const list = files.pack(top, all);
      return { files, changes, list, entries: all.length };
    }

    it("are applied, proven by reading, and undone bit for bit", async () => {
      const before = state();
      const { files, changes, list, entries } = await planned();
      expect(await files.check(tree, list)).toEqual({ ...none, before: 8 });
      expect(await changes.forth(tree, list)).toEqual({ changed: entries });
      expect(await files.check(tree, list)).toEqual({ ...none, after: 8 });
      const { uid, gid, mode } = lstatSync(join(tree, "a/one"));
      expect([uid, gid, (mode & 0o7777).toString(8)]).toEqual([2000, 2001, "770"]);
      expect(lstatSync(join(tree, "link")).uid).toBe(2000);
      expect(secret()).toBe(0);
      expect(await changes.back(tree, list)).toEqual({ changed: 8, left: 0 });
      expect(state()).toEqual(before);
      expect(await changes.back(tree, list)).toEqual({ changed: 0, left: 0 });
      expect(state()).toEqual(before);
    });

    const drifts: [string, () => void][] = [
      [
        "replaced by another of its name",
        () => {
          writeFileSync(join(tree, "new"), "y");
          renameSync(join(tree, "new"), join(tree, "three"));
          chownSync(join(tree, "three"), 950, 951);
        },
      ],
      ["given to somebody else", () => chownSync(join(tree, "three"), 951, 951)],
      ["of another mode", () => chmodSync(join(tree, "three"), 0o600)],
      ["hard-linked", () => linkSync(join(tree, "three"), join(outside, "second"))],
      [
        "replaced by a link out of the tree",
        () => {
          unlinkSync(join(tree, "three"));
          symlinkSync(join(outside, "secret"), join(tree, "three"));
        },
      ],
      [
        "behind a folder that became a link",
        () => {
          renameSync(join(tree, "a"), join(outside, "a"));
          symlinkSync(join(outside, "a"), join(tree, "a"));
        },
      ],
      [
        "in a tree that became a link",
        () => {
          renameSync(tree, join(root, "moved"));
          symlinkSync(join(root, "moved"), tree);
        },
      ],
      [
        "in a tree of that name that is another one",
        () => {
          renameSync(tree, join(root, "moved"));
          mkdirSync(tree);
        },
      ],
    ];
    it.each(drifts)("are not applied at all where one entry is %s", async (_, drift) => {
      const { files, changes, list } = await planned();
      drift();
      const stands = await files.check(tree, list);
      expect(stands.other + stands.replaced).toBeGreaterThan(0);
      const owners = execFileSync("find", [root, "-printf", "%p %U %G %m\\n"], { encoding: "utf8" });
      await expect(changes.forth(tree, list)).rejects.toMatchObject({ code: "conflict" });
      expect(execFileSync("find", [root, "-printf", "%p %U %G %m\\n"], { encoding: "utf8" })).toBe(owners);
      expect(secret()).toBe(0);
    });

    it("are applied without the few that a container removed or renamed as it stopped", async () => {
      const { files, changes, list } = await planned();
      renameSync(join(tree, "a/one"), join(tree, "a/other"));
      unlinkSync(join(tree, "a/b/two"));
      const owners = (name: string) => lstatSync(join(tree, name)).uid;
      expect(await files.check(tree, list)).toEqual({ ...none, before: 6, gone: 2 });
      expect(await changes.forth(tree, list)).toEqual({ changed: 6 });
      expect([owners("three"), owners("a/other")]).toEqual([2000, 950]);
      expect(await changes.back(tree, list)).toEqual({ changed: 6, left: 2 });
      expect(await files.check(tree, list)).toEqual({ ...none, before: 6, gone: 2 });
    });

    it("are not applied at all where more is gone than an app tidies up", async () => {
      for (let n = 0; n < 17; n++) {
        writeFileSync(join(tree, `a/${n}`), "");
        chownSync(join(tree, `a/${n}`), 950, 951);
      }
      const { files, changes, list, entries } = await planned();
      for (let n = 0; n < 17; n++) unlinkSync(join(tree, `a/${n}`));
      const now = { ...none, before: entries - 17, gone: 17 };
      expect(await files.check(tree, list)).toEqual(now);
      await expect(changes.forth(tree, list)).rejects.toMatchObject({
        code: "conflict",
        message: `17 of ${entries} entries are not as they were planned; nothing was changed.`,
      });
      expect(await files.check(tree, list)).toEqual(now);
    });

    it("never leave the tree's filesystem", async (test) => {
      const mounted = join(tree, "a/b");
      try {
        execFileSync("unshare", ["-m", "true"]);
      } catch {
        return test.skip("no mount namespace can be made here");
      }
      const { list } = await planned();
      // In a namespace of its own: nothing of it is left behind. The list has the very inode that is there now.
      const { ownersProgram, ownersBoot } = await import("../../../src/systems/files/owners-program.ts");
      const [head = ""] = unpack(list).toString("latin1").split("\0");
      const script = [
        `mount -t tmpfs none '${mounted}'; echo x >'${mounted}/two'; chown 950:951 '${mounted}/two'; chmod 644 '${mounted}/two'`,
        `inode=$(stat -c %i '${mounted}/two')`,
        `{ cat; printf '${head}\\0%s f 950 951 644 2000 2001 644 a/b/two\\0' "$inode"; } | "$@"`,
      ].join("; ");
      const said = execFileSync(
        "unshare",
        ["-m", "sh", "-ec", script, "sh", "/usr/bin/python3", "-I", "-c", ownersBoot, "forth", "--", tree],
        { input: ownersProgram, encoding: "utf8" },
      );
      expect(JSON.parse(said)).toEqual({ ...none, other: 1, changed: 0, left: 0, begun: false });
    });

    it.each([
      [
        "a folder on their way is a link",
        () => {
          renameSync(join(tree, "a"), join(outside, "a"));
          symlinkSync(join(outside, "a"), join(tree, "a"));
        },
      ],
      [
        "their tree is another folder of that name",
        () => {
          renameSync(tree, join(root, "moved"));
          mkdirSync(tree);
          renameSync(join(root, "moved/a"), join(tree, "a"));
        },
      ],
    ])("are not applied where %s, also when they hold neither", async (_, drift) => {
      const { files, changes, list } = await planned((name) => name === "/a/one");
      expect(await files.check(tree, list)).toEqual({ ...none, before: 1 });
      drift();
      expect(await files.check(tree, list)).toEqual({ ...none, other: 1 });
      await expect(changes.forth(tree, list)).rejects.toMatchObject({ code: "conflict" });
      expect(await changes.back(tree, list)).toEqual({ changed: 0, left: 1 });
    });

    it("of what is undone, leave alone what somebody else changed since, and say so", async () => {
      const { changes, list } = await planned();
      await changes.forth(tree, list);
      chownSync(join(tree, "three"), 3000, 3000);
      renameSync(join(tree, "a/one"), join(tree, "a/other"));
      expect(await changes.back(tree, list)).toEqual({ changed: 6, left: 2 });
      expect(lstatSync(join(tree, "three")).uid).toBe(3000);
      expect(lstatSync(join(tree, "a/b/two")).uid).toBe(950);
    });

    it("put back what was cut off between the owner and the mode", async () => {
      const before = state();
      const { files, changes, list } = await planned();
      // chown takes setuid away; chmod did not come.
      chownSync(join(tree, "a/one"), 2000, 2001);
      expect(await files.check(tree, list)).toEqual({ ...none, before: 7, halfway: 1 });
      await expect(changes.forth(tree, list)).rejects.toMatchObject({ code: "conflict" });
      expect(await changes.back(tree, list)).toEqual({ changed: 1, left: 0 });
      expect(state()).toEqual(before);
    });

    it("are not applied outside of the roots", async () => {
      const { list } = await planned();
      const elsewhere = at([outside]);
      await expect(elsewhere.changes.forth(tree, list)).rejects.toMatchObject({ code: "bad_input" });
      await expect(elsewhere.files.check(tree, list)).rejects.toMatchObject({ code: "bad_input" });
    });

    it("that are none are refused", async () => {
      const { files } = at();
      await expect(files.check(tree, "nonsense")).rejects.toMatchObject({ code: "wrong_answer" });
    });

    it("are set by that program only, byte for byte", async () => {
      const { ownersProgram, ownersBoot } = await import("../../../src/systems/files/owners-program.ts");
      const forged = ownersProgram.replace("import json", "import ssss");
      const run = () =>
        execFileSync("/usr/bin/python3", ["-I", "-c", ownersBoot, "check", "--", tree], {
          input: forged,
          stdio: "pipe",
        });
      expect(run).toThrow(expect.objectContaining({ status: 97 }));
    });
  },
);
