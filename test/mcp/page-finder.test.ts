import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Door, openDoor, type Room } from "../../src/mcp/door.ts";
import { ownedSecret } from "../../src/mcp/owned-file.ts";
import { isOurs, type PageFinder, pageFinder } from "../../src/mcp/page-finder.ts";

let folder: string;
let open: { close(): Promise<void> }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hs-page-"));
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  rmSync(folder, { recursive: true });
});

const page: Room = async (_req, res) => {
  res.end("the page");
  return true;
};

function finder(port: number, key = "our key"): PageFinder {
  const made = pageFinder({ folder, key, host: "127.0.0.1", port, page, onError: () => {} });
  open.push(made);
  return made;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const door = await openDoor({ host: "127.0.0.1", port: 0, rooms: [], onError: () => {} });
  await door.close();
  return door.port;
}

async function stranger(rooms: readonly Room[] = []): Promise<Door> {
  const door = await openDoor({ host: "127.0.0.1", port: 0, rooms, onError: () => {} });
  open.push(door);
  return door;
}

describe("the page is served once", () => {
  it("by the first process that needs it, on the usual port", async () => {
    const port = await freePort();
    const first = finder(port);
    const [one, two] = await Promise.all([first.url(), first.url()]);
    expect([one, two]).toEqual([`http://127.0.0.1:${port}`, `http://127.0.0.1:${port}`]);
    expect(await (await fetch(one)).text()).toBe("the page");
    expect(await finder(port).url()).toBe(one);
  });

  it("on a free port where the usual one is taken, and others find it there", async () => {
    const taken = await stranger();
    const url = await finder(taken.port).url();
    expect(url).not.toBe(taken.url);
    expect(await finder(taken.port).url()).toBe(url);
  });

  it("by the daemon when there is one", async () => {
    const daemon = finder(0);
    const door = await stranger([daemon.room, page]);
    daemon.servedAt(door.url);
    expect(await daemon.url()).toBe(door.url);
    expect(await finder(door.port).url()).toBe(door.url);
  });

  it("anew when whoever served it is gone", async () => {
    const taken = await stranger();
    const first = finder(taken.port);
    const before = await first.url();
    await first.close();
    const after = await finder(taken.port).url();
    expect(await (await fetch(after)).text()).toBe("the page");
    expect(await isOurs(before, "our key")).toBe(before === after);
  });
});

describe("somebody else's page is none of ours", () => {
  it("when it answers everything with yes", async () => {
    const yes: Room = async (_req, res) => {
      res.end("0".repeat(64));
      return true;
    };
    const liar = await stranger([yes]);
    expect(await isOurs(liar.url, "our key")).toBe(false);
    expect(await finder(liar.port).url()).not.toBe(liar.url);
  });

  it("when it belongs to another home", async () => {
    const port = await freePort();
    const other = await finder(port, "another key").url();
    expect(await isOurs(other, "our key")).toBe(false);
    expect(await isOurs(other, "another key")).toBe(true);
  });

  it("when its note in the state folder is nonsense", async () => {
    writeFileSync(join(folder, "page.port"), "99999999");
    const port = await freePort();
    expect(await finder(port).url()).toBe(`http://127.0.0.1:${port}`);
  });
});

describe("a secret of this installation", () => {
  it("is made once, is the same for all, and is its owner's alone", () => {
    const made = Array.from({ length: 3 }, () => ownedSecret(folder, "http.token"));
    expect(new Set(made).size).toBe(1);
    expect(made[0]).toMatch(/^[\w-]{43}$/);
    expect(readFileSync(join(folder, "http.token"), "utf8").trim()).toBe(made[0]);
  });

  it.skipIf(process.platform === "win32")("has mode 600 (POSIX modes only)", () => {
    ownedSecret(folder, "page.key");
    expect(statSync(join(folder, "page.key")).mode & 0o777).toBe(0o600);
  });
});
