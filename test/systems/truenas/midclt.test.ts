import { describe, expect, it } from "vitest";
import { startTrueNasFake } from "../../../src/demo/truenas/index.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { wordsOf } from "../../../src/systems/shell/argv.ts";
import type { RunResult } from "../../../src/systems/shell/port.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { diagnosisOf } from "../../../src/systems/truenas/diagnose.ts";
import { connectMidclt, midcltThrough } from "../../../src/systems/truenas/midclt.ts";
import { hastyClock, simulatedMidclt } from "./rig.ts";

const says = (result: Partial<RunResult>) => {
  const asked: string[][] = [];
  const run = async (method: string, args: readonly string[]) => {
    asked.push([method, ...args]);
    return { stdout: "", stderr: "", code: 0, ...result };
  };
  return { asked, ...connectMidclt(run, { clock: hastyClock }) };
};
const scrub = ["media", "START"] as const;

describe("midclt", () => {
  it("gets each argument as JSON, so that no text is taken for something else", async () => {
    const { asked, changing } = says({ stdout: "null\n" });
    await changing.call("pool.offline", [3, { label: "123" }]);
    await changing.call("alert.dismiss", ["123"]);
    expect(asked).toEqual([
      ["pool.offline", "3", '{"label":"123"}'],
      ["alert.dismiss", '"123"'],
    ]);
  });

  it("prints Python's words, bare text and EJSON", async () => {
    const printed = async (stdout: string) => says({ stdout }).reading.call("pool.query", []);
    expect(await printed("True\n")).toBe(true);
    expect(await printed("False\n")).toBe(false);
    expect(await printed("null\n")).toBe(null);
    expect(await printed("41\n")).toBe(41);
    expect(await printed("pong\n")).toBe("pong");
    expect(await printed('[{"at": {"$date": 1775399792000}}]\n')).toEqual([{ at: 1_775_399_792_000 }]);
  });

  it.each([
    ["a login that failed, with exit code 0", { stdout: "Failed to login\n" }, "refused", "could not log in"],
    ["the same on stderr", { stderr: "Failed to login\n" }, "refused", "could not log in"],
    ["no such command", { code: 127, stderr: "sh: midclt: not found" }, "unsupported", "no midclt"],
    [
      "a middleware that is down",
      { code: 1, stderr: "[Errno 2] No such file or directory" },
      "unreachable",
      "not running",
    ],
    [
      "a name that is not there",
      { code: 1, stderr: "[ENOENT] None: Pool x does not exist\n" },
      "not_found",
      "nothing of that name",
    ],
    [
      "a method that is not there",
      { code: 1, stderr: "Method 'query' not found in 'pool'\n" },
      "unsupported",
      "no pool.query",
    ],
    ["an answer that was cut off", { stdout: '[{"id": 1' }, "wrong_answer", "cut off"],
  ])("tells of %s", async (_, result, code, message) => {
    const failing = says(result).reading.call("pool.query", []);
    await expect(failing).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it("has two commands in the shell's table, each with its own methods", () => {
    const { midcltRead, midcltChange } = { ...readingCommands, ...changingCommands };
    const words = wordsOf(midcltRead, { method: "pool.query", params: ['[["name","=","it\u0027s"]]', "{}"] });
    expect(words).toEqual(["call", "pool.query", '[["name","=","it\\u0027s"]]', "{}"]);
    expect(wordsOf(midcltChange, { method: "pool.scrub.scrub", params: ['"media"'] })).toContain("pool.scrub.scrub");
    for (const method of ["pool.scrub.scrub", "pool_query", "poolXquery", "pool.query.x", "-j", "core.get_jobs --help"])
      expect(() => wordsOf(midcltRead, { method, params: [] }), method).toThrow("is not a method of TrueNAS");
    for (const method of ["pool.query", "pool.export", "system.reboot"])
      expect(() => wordsOf(midcltChange, { method, params: [] }), method).toThrow("is not a method of TrueNAS");
  });

  it("goes to the command that its method belongs to", async () => {
    const asked: string[] = [];
    const shell = (name: string) => ({
      run: async (command: string) => {
        asked.push(`${name} ${command}`);
        return { stdout: "null", stderr: "", code: 0 };
      },
      lines: () => (async function* () {})(),
      records: () => (async function* () {})(),
    });
    const { reading, changing } = connectMidclt(
      midcltThrough({ reading: shell("reading"), changing: shell("changing") }),
    );
    await reading.call("pool.query", []);
    await changing.call("alert.dismiss", ["x"]);
    expect(asked).toEqual(["reading midcltRead", "changing midcltChange"]);
  });

  it("is tried by the doctor", async () => {
    const fake = await startTrueNasFake({ release: "24.10" });
    const found = await diagnosisOf(connectMidclt(simulatedMidclt(fake.middleware)).reading);
    expect(found).toEqual({ reachable: true, version: "24.10.2.4", problems: [] });
    const lost = await diagnosisOf(says({ stdout: "Failed to login\n" }).reading);
    expect(lost).toMatchObject({ reachable: false, version: null, problems: [{ code: "refused" }] });
    await fake.close();
  });

  it("does not know of a change whose shell was lost", async () => {
    const { changing } = connectMidclt(async () => {
      throw new StewardError("unreachable", "The ssh connection was lost.", "Try again.");
    });
    const message = "The ssh connection was lost. The change may have been made.";
    await expect(changing.call("alert.dismiss", ["1"])).rejects.toMatchObject({ code: "unreachable", message });
    expect(await changing.job("pool.scrub.scrub", scrub, () => {})).toEqual({
      state: "unknown",
      why: "The ssh connection was lost. It may or may not have begun.",
    });
    const killed = says({ code: 137 }).changing.job("pool.scrub.scrub", scrub, () => {});
    expect(await killed).toMatchObject({ state: "unknown" });
  });
});
