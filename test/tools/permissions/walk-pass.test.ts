import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { tally } from "../../../src/analysis/permissions/trees/tally.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import type { FileEntry, Files } from "../../../src/systems/files/port.ts";
import { walkPass } from "../../../src/tools/permissions/audit/walk-pass.ts";

const entry: FileEntry = {
  type: "f",
  mode: 0o600,
  uid: 1,
  gid: 1,
  device: 1,
  inode: 1,
  links: 1,
  path: Buffer.from("/t/a"),
};
type Parts = Pick<Files, "walk" | "accessLists">;
const nothing = (): never => {
  throw new Error("not asked for");
};

function run(files: Parts, signal = new AbortController().signal) {
  const counted = tally([], new Set());
  const all: Files = {
    takes: nothing,
    mounts: nothing,
    answers: nothing,
    realPath: nothing,
    settings: nothing,
    settingsText: nothing,
    pack: nothing,
    check: nothing,
    ...files,
  };
  const why = walkPass(all, { path: "/t", lists: true, hangs: false }, counted, () => {}, signal);
  return { why, facts: () => counted.facts() };
}

describe("a walk and its access lists", () => {
  test("go side by side: neither waits for the other's end", async () => {
    const [lists, walk] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { why, facts } = run({
      async *walk() {
        walk.resolve();
        await lists.promise;
        yield [entry];
      },
      async *accessLists() {
        lists.resolve();
        await walk.promise;
        yield [];
      },
    });
    expect([await why, facts().entries]).toEqual([null, 1]);
  });
  test("end together where the walk breaks off", async () => {
    const ended = Promise.withResolvers<unknown>();
    const { why } = run({
      async *walk() {
        yield [entry];
        throw new StewardError("timeout", "It hangs.", "Wait.");
      },
      async *accessLists(_, { signal }) {
        if (signal !== undefined) await once(signal, "abort");
        ended.resolve(signal?.reason);
        yield [];
      },
    });
    await expect(why).rejects.toMatchObject({ code: "timeout" });
    expect(await ended.promise).toMatchObject({ code: "timeout" });
  });
  test("where only the lists break off, the walk goes on, and the reason is told", async () => {
    const broken = (error: Error) =>
      run({
        async *walk() {
          yield [entry];
        },
        async *accessLists() {
          yield [];
          throw error;
        },
      });
    const { why, facts } = broken(new StewardError("unsupported", "No python3.", "Install it."));
    expect([await why, facts().entries]).toEqual(["No python3. Install it.", 1]);
    // What is nobody's fault but ours is not hidden in a note.
    await expect(broken(new TypeError("ours")).why).rejects.toThrow("ours");
  });
});
