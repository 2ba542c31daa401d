import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entryOf } from "../../../src/systems/files/entries.ts";
import { connectFiles, type FileEntry } from "../../../src/systems/files/index.ts";
import { mountsOf } from "../../../src/systems/files/mount-info.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { recordsOf } from "../../../src/systems/shell/read.ts";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { readingCommands } from "../../../src/systems/shell/table.ts";
import { playedRunner } from "../../support/played-shell.ts";

const filesOn = (runner: Runner, roots = ["/mnt"]) =>
  connectFiles({ reading: shellOver(runner, readingCommands, roots) }, roots);

describe("the kernel's table of mounts", () => {
  it("is read with its escapes, and tells what may hang", () => {
    const text = [
      "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
      "40 21 0:35 / /mnt/tank rw - zfs tank rw,xattr,posixacl",
      "41 40 0:36 / /mnt/tank/my\\040films rw shared:5 master:1 - zfs tank/my\\040films rw",
      "42 40 0:50 / /mnt/tank/far rw - nfs4 nas:/far rw",
      "43 40 0:51 / /mnt/tank/cloud rw - fuse.rclone gdrive: rw",
      "44 40 0:52 / /mnt/tank/usb rw - fuseblk /dev/sdb1 rw",
      "45 21 0:53 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw",
      "46 40 0:54 / /mnt/tank/smb rw - zfs tank/smb rw,xattr,nfs4acl,casesensitive",
      "47 40 0:55 / /mnt/tank/old rw - ext3 /dev/sdc1 rw,noacl",
    ].join("\n");
    expect(mountsOf(`${text}\n`).map(({ path, filesystem, network, acl }) => [path, filesystem, network, acl])).toEqual(
      [
        ["/", "ext4", false, "posix"],
        ["/mnt/tank", "zfs", false, "posix"],
        ["/mnt/tank/my films", "zfs", false, null],
        ["/mnt/tank/far", "nfs4", true, null],
        ["/mnt/tank/cloud", "fuse.rclone", true, null],
        ["/mnt/tank/usb", "fuseblk", false, null],
        ["/var/lib/lxcfs", "fuse.lxcfs", false, null],
        ["/mnt/tank/smb", "zfs", false, "nfsv4"],
        ["/mnt/tank/old", "ext3", false, null],
      ],
    );
  });
  it("that is something else is said", () => {
    expect(() => mountsOf("nonsense\n")).toThrow("can't be read");
  });
});

describe("one entry, as find prints it", () => {
  it("keeps numbers of 64 bits, and bytes that are no text", () => {
    const record = Buffer.concat([
      Buffer.from("f4755 0 4294967295 18446744073709551615 9007199254740993 2 /mnt/a b\n"),
      Buffer.from([0xff, 0x27]),
    ]);
    const { path, ...entry } = entryOf(record);
    expect(entry).toEqual({
      type: "f",
      mode: 0o4755,
      uid: 0,
      gid: 4_294_967_295,
      device: "18446744073709551615",
      inode: "9007199254740993",
      links: 2,
    });
    expect(path.subarray(0, 9).toString()).toBe("/mnt/a b\n");
    expect([...path.subarray(9)]).toEqual([0xff, 0x27]);
  });
  it.each(["", "f", "f755", "f755 0", "f888 0 0 1 2 3 /a", "f755 x 0 1 2 3 /a", "f755 0 0 1  3 /a"])(
    "that is garbled is refused: %j",
    (text) => {
      expect(() => entryOf(Buffer.from(text))).toThrow("find prints something else");
    },
  );
});

describe("records in pieces", () => {
  it("are the same wherever the pieces were cut", async () => {
    const names = fc.array(fc.uint8Array({ min: 1, max: 255, maxLength: 40 }), { maxLength: 20 });
    const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(names, cuts, async (some, sizes) => {
        const all = Buffer.concat(some.flatMap((name) => [Buffer.from(name), Buffer.alloc(1)]));
        const pieces: Buffer[] = [];
        let from = 0;
        for (const size of sizes) {
          pieces.push(all.subarray(from, from + size));
          from += size;
        }
        pieces.push(all.subarray(from));
        const seen: Buffer[] = [];
        for await (const batch of recordsOf(Readable.from(pieces))) seen.push(...batch);
        expect(seen.map((record) => record.toString("latin1"))).toEqual(
          some.map((name) => Buffer.from(name).toString("latin1")),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("roots", () => {
  const files = filesOn(
    playedRunner(() => ({})),
    ["/mnt", "/srv/data"],
  );
  it.each(["/mnt", "/mnt/tank", "/mnt/tank/my films", "/srv/data/x", "/mnt/.hidden", "/mnt/..a", "/mnt/a..b"])(
    "take %s",
    (path) => {
      expect(files.takes(path)).toBe(true);
    },
  );
  it.each([
    ["/mnt2", "only the beginning of its name is a root's"],
    ["/srv", "above a root"],
    ["/srv/database", "another name"],
    ["/mnt/../etc", "leads out again"],
    ["/mnt/./tank", "not written plainly"],
    ["/mnt/", "not written plainly"],
    ["/mnt//tank", "not written plainly"],
    ["mnt/tank", "not absolute"],
    ["/mnt/it's", "a quote"],
    ["/mnt/a\nb", "a line break"],
    ["/mnt/$(id)", "a shell would expand it"],
    ["/etc", "elsewhere"],
  ])("refuse %j: %s", async (path) => {
    expect(files.takes(path)).toBe(false);
    await expect(files.realPath(path)).rejects.toMatchObject({ code: "bad_input" });
    await expect(files.answers(path)).rejects.toMatchObject({ code: "bad_input" });
    await expect(files.walk(path, {})[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "bad_input" });
  });
});

describe.skipIf(process.platform !== "linux")("a real tree (needs GNU find)", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-walk-")));
  const odd = ["plain", "two words", "line\nbreak", "quo'te\"s", "-dash", "ünï", "\u001b[31mred", "tab\there"];
  // As root without sudo: the account of a test may have none.
  const files = filesOn({ ...localRunner(), root: true }, [root]);
  beforeAll(() => {
    mkdirSync(join(root, "tree/inner"), { recursive: true });
    for (const name of odd) writeFileSync(join(root, "tree", name), "x");
    writeFileSync(Buffer.concat([Buffer.from(`${root}/tree/bad-`), Buffer.from([0xff, 0xfe])]), "x");
    chmodSync(join(root, "tree/plain"), 0o4777);
    symlinkSync("/etc", join(root, "tree/out"));
    symlinkSync(join(root, "tree"), join(root, "link"));
  });
  afterAll(() => rmSync(root, { recursive: true }));
  const walked = async (path: string) => {
    const found: FileEntry[] = [];
    for await (const batch of files.walk(path, {})) found.push(...batch);
    return found;
  };

  it("is walked whatever its names hold, links not followed", async () => {
    const found = await walked(join(root, "tree"));
    const names = found.map(({ path }) => path.toString("latin1").slice(root.length));
    const expected = ["/tree", "/tree/inner", "/tree/out", "/tree/bad-\xff\xfe"];
    expect(names.toSorted()).toEqual(
      [...expected, ...odd.map((name) => `/tree/${Buffer.from(name).toString("latin1")}`)].toSorted(),
    );
    const by = new Map(found.map((entry) => [entry.path.toString(), entry]));
    expect(by.get(join(root, "tree/plain"))).toMatchObject({ type: "f", mode: 0o4777, links: 1 });
    expect(by.get(join(root, "tree/out"))).toMatchObject({ type: "l" });
    expect(by.get(join(root, "tree/inner"))).toMatchObject({ type: "d" });
  });

  it("that is a link is not what it leads to", async () => {
    expect((await walked(join(root, "link"))).map(({ type }) => type)).toEqual(["l"]);
    expect(await files.realPath(join(root, "link"))).toBe(join(root, "tree"));
    expect(await files.realPath(join(root, "tree"))).toBe(join(root, "tree"));
    expect(await files.realPath(join(root, "nowhere"))).toBeNull();
    expect(await files.answers(join(root, "tree"))).toBe(true);
  });

  it("the machine's own mounts are read", async () => {
    expect((await files.mounts()).map(({ path }) => path)).toContain("/");
  });
});
