import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectFiles, type ListedEntry } from "../../../src/systems/files/index.ts";
import { listsBoot, listsProgram } from "../../../src/systems/files/lists-program.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { readingCommands } from "../../../src/systems/shell/table.ts";
import { playedRunner } from "../../support/played-shell.ts";

const filesOn = (runner: Runner, roots = ["/mnt"]) =>
  connectFiles({ reading: shellOver(runner, readingCommands, roots) }, roots);
async function listed(runner: Runner, tree = "/mnt/tank", every = false): Promise<ListedEntry[]> {
  const found: ListedEntry[] = [];
  for await (const batch of filesOn(runner, [tree]).accessLists(tree, { every }))
    for (const { entry, list } of batch) found.push({ entry: { ...entry, path: Buffer.from(entry.path) }, list });
  return found;
}
const says = (...records: string[]) =>
  playedRunner(() => ({ stdout: records.map((record) => `${record}\0`).join("") }));
const facts = "f664 1000 1001 64769 42 1 /mnt/tank/a b\nc";

describe("access lists, as the program prints them", () => {
  it("are POSIX's: for the entry, and for what is made inside", async () => {
    const access =
      "0200000001000600ffffffff02000600e803000004000400ffffffff080004001b00000010000600ffffffff20000000ffffffff";
    const made = "0200000001000700ffffffff04000500ffffffff20000700ffffffff";
    const [one, ...none] = await listed(says("", `access:${access},default:${made} ${facts}`, ""));
    expect(none).toEqual([]);
    expect({ ...one?.entry, path: one?.entry.path.toString() }).toEqual({
      type: "f",
      mode: 0o664,
      uid: 1000,
      gid: 1001,
      device: 64769,
      inode: 42,
      links: 1,
      path: "/mnt/tank/a b\nc",
    });
    expect(one?.list).toEqual({
      kind: "posix",
      here: [
        { who: "owner", id: null, allows: true, rights: 6, changes: true },
        { who: "user", id: 1000, allows: true, rights: 6, changes: true },
        { who: "owning_group", id: null, allows: true, rights: 4, changes: false },
        { who: "group", id: 27, allows: true, rights: 4, changes: false },
        { who: "mask", id: null, allows: true, rights: 6, changes: true },
        { who: "everyone", id: null, allows: true, rights: 0, changes: false },
      ],
      inside: [
        { who: "owner", id: null, allows: true, rights: 7, changes: true },
        { who: "owning_group", id: null, allows: true, rights: 5, changes: false },
        { who: "everyone", id: null, allows: true, rights: 7, changes: true },
      ],
    });
  });
  it("are NFSv4's, as TrueNAS has them: in their order, with what is only inherited apart", async () => {
    const aces = [
      // type, flags, special, rights, who
      "00000001" + "00000000" + "00000000" + "00000002" + "000003e8", // deny user 1000 to write
      "00000000" + "00000003" + "00000001" + "001f01ff" + "00000001", // owner@ all, inherited by files and folders
      "00000000" + "00000040" + "00000001" + "001200a9" + "00000002", // group@ reads
      "00000000" + "00000043" + "00000000" + "001201ff" + "00000221", // group 545 modifies
      "00000000" + "0000000b" + "00000001" + "00000004" + "00000003", // everyone@ appends, inherited only
      "00000002" + "00000000" + "00000001" + "00000002" + "00000003", // an audit: decides nothing
    ];
    const [one] = await listed(says(`nfs4:0000000000000006${aces.join("")} ${facts}`));
    expect(one?.list).toEqual({
      kind: "nfsv4",
      here: [
        { who: "user", id: 1000, allows: false, rights: 2, changes: true },
        { who: "owner", id: null, allows: true, rights: 7, changes: true },
        { who: "owning_group", id: null, allows: true, rights: 5, changes: false },
        { who: "group", id: 545, allows: true, rights: 7, changes: true },
      ],
      inside: [
        { who: "owner", id: null, allows: true, rights: 7, changes: true },
        { who: "group", id: 545, allows: true, rights: 7, changes: true },
        { who: "everyone", id: null, allows: true, rights: 0, changes: true },
      ],
    });
  });
  it("are none where every entry was asked for and this one has none", async () => {
    expect((await listed(says(`- ${facts}`))).map(({ list }) => list)).toEqual([null]);
  });
  it.each([
    ["of another version", "access:0300000001000600ffffffff"],
    ["cut off", "access:0200000001000600ffff"],
    ["with an unknown tag", "access:0200000003000600ffffffff"],
    ["of NFSv4 with another count", "nfs4:000000000000000200000000000000000000000000000001000003e8"],
    ["without a name", "0200000001000600ffffffff"],
  ])("%s are refused", async (_, lists) => {
    await expect(listed(says(`${lists} ${facts}`))).rejects.toMatchObject({ code: "wrong_answer" });
  });
  it("can't be read without python3; a program that breaks off is said", async () => {
    await expect(listed(playedRunner(() => ({ code: 127 })))).rejects.toMatchObject({ code: "unsupported" });
    await expect(listed(playedRunner(() => ({ code: 1 })))).rejects.toMatchObject({ code: "wrong_answer" });
    // An entry that could not be looked at does not take the others' lists away.
    expect(await listed(playedRunner(() => ({ code: 3, stdout: `- ${facts}\0` })))).toHaveLength(1);
  });
});

const tools =
  ["/usr/bin/python3", "/usr/bin/setfacl"].every((path) => existsSync(path)) && process.platform === "linux";

describe.skipIf(!tools)(`a real tree${tools ? "" : " [skipped: needs Linux, python3 and setfacl]"}`, () => {
  const inTree = async (make: (root: string) => void, look: (root: string) => Promise<void>) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-acl-")));
    try {
      make(root);
      await look(root);
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  // As root without sudo: the account of a test may have none.
  const here = { ...localRunner(), root: true };
  const told = (found: readonly ListedEntry[], root: string) =>
    found.map(({ entry, list }) => [
      entry.path.toString("latin1").slice(root.length),
      (list?.here ?? [])
        .filter(({ id }) => id !== null)
        .map(({ who, id, rights }) => `${who} ${id} ${rights}`)
        .join(),
      list?.inside.length ?? 0,
    ]);

  it("is read as setfacl wrote it, whatever its names hold, links not followed", async () => {
    await inTree(
      (root) => {
        mkdirSync(join(root, "in ner/deep"), { recursive: true });
        for (const name of ["plain", "li\nne", "in ner/deep/x"]) writeFileSync(join(root, name), "");
        symlinkSync(join(root, "li\nne"), join(root, "link"));
        symlinkSync(join(root, "in ner"), join(root, "folder"));
      },
      async (root) => {
        const set = ["u:1000:rw,g:27:r", join(root, "li\nne"), join(root, "in ner/deep/x")];
        // A filesystem without access lists has none to read.
        if (spawnSync("setfacl", ["-m", ...set]).status !== 0) return;
        execFileSync("setfacl", ["-d", "-m", "u:1000:rwx", join(root, "in ner")]);
        expect(told(await listed(here, root), root).toSorted()).toEqual([
          ["/in ner", "", 5],
          ["/in ner/deep/x", "user 1000 6,group 27 4", 0],
          ["/li\nne", "user 1000 6,group 27 4", 0],
        ]);
        expect(told(await listed(here, join(root, "link")), root)).toEqual([]);
      },
    );
  });
  it("is printed entry by entry, as find prints it, where something in it has to be gone round", async () => {
    await inTree(
      (root) => {
        mkdirSync(join(root, "a/b/c"), { recursive: true });
        for (let n = 0; n < 1_200; n++) writeFileSync(join(root, `a/${n}`), "");
        writeFileSync(join(root, "a/b/c/suid"), "");
        chmodSync(join(root, "a/b/c/suid"), 0o4755);
        symlinkSync("/etc", join(root, "a/out"));
      },
      async (root) => {
        const walked: string[] = [];
        const plain = ({ path, ...facts }: ListedEntry["entry"]) => JSON.stringify([path.toString(), facts]);
        for await (const batch of filesOn(here, [root]).walk(root, {})) walked.push(...batch.map(plain));
        expect(walked).toHaveLength(1_206);
        expect((await listed(here, root, true)).map(({ entry }) => plain(entry)).toSorted()).toEqual(walked.toSorted());
      },
    );
  });
  it("lets no other program through", () => {
    const forged = listsProgram.replace("import errno", "import errnx");
    const { status } = spawnSync("/usr/bin/python3", ["-I", "-c", listsBoot, "listed", "--", "/tmp"], {
      input: forged,
    });
    expect(status).toBe(97);
  });
});
