import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { connectFiles, type FileEntry } from "../../../src/systems/files/index.ts";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { readingCommands } from "../../../src/systems/shell/table.ts";

const filesOn = (runner: Runner) => connectFiles({ reading: shellOver(runner, readingCommands) });
const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : undefined);

describe("a folder that hangs", () => {
  /** Says one entry, or nothing, and never ends. */
  function stuck(says = "d755 0 0 1 2 2 /mnt/tank\0") {
    let stopped: unknown;
    const runner: Runner = {
      name: "a stuck machine",
      root: true,
      async start() {
        const stdout = new PassThrough();
        stdout.write(says);
        const stderr = new PassThrough();
        const { promise: exit, reject } = Promise.withResolvers<number>();
        exit.catch(() => {});
        return {
          stdout,
          stderr,
          exit,
          stop(reason) {
            stopped ??= reason;
            reject(reason);
            for (const stream of [stdout, stderr]) stream.destroy(reason instanceof Error ? reason : new Error());
          },
        };
      },
      close: async () => {},
    };
    return { runner, stopped: () => stopped };
  }
  const read = async (walk: AsyncIterable<FileEntry[]>) => {
    const found: string[] = [];
    for await (const batch of walk) found.push(...batch.map(({ path }) => path.toString()));
    return found;
  };

  it("is given up after its silence, and find is told to end", async () => {
    const { runner, stopped } = stuck();
    await expect(read(filesOn(runner).walk("/mnt/tank", { silence_ms: 50 }))).rejects.toMatchObject({
      code: "timeout",
      message: "A folder gave no answer for 0.05 seconds.",
    });
    expect(stopped()).toMatchObject({ code: "timeout" });
  });
  it("is given up by the reading of its access lists, too", async () => {
    const { runner, stopped } = stuck("");
    const lists = filesOn(runner).accessLists("/mnt/tank", { silence_ms: 50 });
    await expect(lists[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "timeout" });
    expect(stopped()).toMatchObject({ code: "timeout" });
  });
  it("is left at once by a caller who is gone", async () => {
    const { runner, stopped } = stuck();
    const gone = new AbortController();
    const reading = read(filesOn(runner).walk("/mnt/tank", { signal: gone.signal }));
    gone.abort(new Error("gone"));
    await expect(reading).rejects.toThrow("gone");
    // What was not started needs no end.
    expect([undefined, "gone"]).toContain(messageOf(stopped()));
  });
  it("does not answer within its time", async () => {
    const hanging = { ...readingCommands, fileSystem: { ...readingCommands.fileSystem, timeout_ms: 50 } };
    const files = connectFiles({ reading: shellOver(stuck().runner, hanging) });
    expect(await files.answers("/mnt/tank")).toBe(false);
  });
});
