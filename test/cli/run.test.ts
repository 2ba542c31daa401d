import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { commandLine } from "./support/command-line.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hs-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...args: string[]) => commandLine(args, { env: { HOME_STEWARD_HOME: join(folder, "state") } });

describe("the command line", () => {
  it("helps", async () => {
    const { code, stdout } = await run("--help");
    expect(code).toBe(0);
    for (const command of ["serve", "daemon", "setup", "approve", "doctor", "audit verify", "demo", "config check"]) {
      expect(stdout).toMatch(new RegExp(`^  ${command}`, "m"));
    }
    expect(stdout).not.toMatch(/^ {2}guard/m);
    expect(stdout).toMatch(/^ {2}2 {2}The command line was not understood\.$/m);
  });

  it("helps a person who types nothing else, too", async () => {
    const { stdout } = await commandLine([], { isTTY: true });
    expect(stdout).toMatch(/^Home Steward: Claude looks after your home server/);
  });

  it("says its version", async () => {
    expect(await run("--version")).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
  });

  it.each([
    [["dance"], 2, 'There is no such command. "home-steward --help" lists all.\n'],
    [["config"], 2, 'There is no such command. "home-steward --help" lists all.\n'],
    [["doctor", "--colour"], 2, "Unknown option '--colour'\nUsage: home-steward doctor [--config FILE]\n"],
    [
      ["daemon", "now"],
      2,
      "Unexpected argument 'now'. This command does not take positional arguments\nUsage: home-steward daemon [--config FILE]\n",
    ],
    [["tools"], 2, "tools needs --json.\nUsage: home-steward tools --json\n"],
  ])("%j ends with %i", async (args, code, stderr) => {
    expect(await run(...args)).toEqual({ code, stdout: "", stderr });
  });

  it("says what is wrong with a configuration and ends with 3, whichever command reads it", async () => {
    const file = join(folder, "wrong.yaml");
    writeFileSync(file, "red_only: true\n");
    for (const command of [["config", "check"], ["doctor"], ["serve"], ["daemon"]]) {
      expect(await run(...command, "--config", file)).toEqual({
        code: 3,
        stdout: "",
        stderr: `${file}:1: red_only: unknown key. Did you mean read_only?\n`,
      });
    }
  });

  it("finds a configuration in order", async () => {
    const file = join(folder, "right.yaml");
    writeFileSync(file, "hosts: [{ name: nas, docker: { socket: /x } }]\n");
    const { code, stdout } = await run("config", "check", "--config", file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${file}: in order. Hosts: nas.\n` });
  });

  it("gives every tool as tools/list does", async () => {
    const { code, stdout } = await run("tools", "--json");
    const { tools } = z.object({ tools: z.array(z.looseObject({ name: z.string() })) }).parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(tools.map(({ name }) => name)).toContain("update_container");
    for (const tool of tools) {
      expect(Object.keys(tool)).toEqual(
        expect.arrayContaining(["title", "description", "inputSchema", "outputSchema", "annotations"]),
      );
    }
  });
});

/** Of all on the PATH; npm puts the pinned one first. */
const olderNode = (process.env.PATH ?? "")
  .split(delimiter)
  .map((place) => join(place, "node"))
  .filter((node) => existsSync(node))
  .find((node) => /^v(1\d|20|21)\./.test(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout));

describe("an older Node", () => {
  const complaint = (version: string) =>
    `Home Steward needs Node 22.19 or newer, and this is ${version}: install a newer one from https://nodejs.org.\n`;
  /** The entry as it is shipped, alone: it must not get as far as to miss the rest. */
  const entry = (before: string) => {
    const source = readFileSync(new URL("../../src/main.ts", import.meta.url), "utf8").replace(/^#!.*/, "");
    const options = { target: ScriptTarget.ES2024, module: ModuleKind.ESNext };
    const path = join(folder, "main.mjs");
    writeFileSync(path, `${before}\n${transpileModule(source, { compilerOptions: options }).outputText}`);
    return path;
  };

  it("is told so in one line, before anything is loaded", () => {
    const path = entry('Object.defineProperty(process.versions, "node", { value: "22.18.0" });');
    const { status, stdout, stderr } = spawnSync(process.execPath, [path, "serve"], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: "", stderr: complaint("22.18.0") });
  });

  it.skipIf(olderNode === undefined)(
    `is told so by itself${olderNode === undefined ? " (skipped: no Node under 22 on the PATH)" : ""}`,
    () => {
      const node = olderNode ?? "";
      const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
      const { status, stdout, stderr } = spawnSync(node, [entry(""), "serve"], { encoding: "utf8" });
      expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: "", stderr: complaint(version) });
    },
  );
});
