import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const cli = join(repository, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
const config = z
  .object({ forbidden: z.array(z.object({ name: z.string() })) })
  .parse(createRequire(import.meta.url)("../../.dependency-cruiser.cjs"));

async function cruise(folder: string) {
  const args = [cli, "src", "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 64e6 });
  return report.parse(JSON.parse(stdout)).summary;
}

/** One violation a rule: the file of that name with that one line. */
const planted: Record<string, [file: string, line: string]> = {
  // A circle is reported once, at the first of its files.
  "no-circular": ["src/shared/about.ts", 'import { round } from "./round.ts"; export const around = () => round;'],
  "no-unresolvable": ["src/shared/lost.ts", 'import "./nowhere.ts";'],
  "no-development-dependency": ["src/cli/dev.ts", 'import "vitest";'],
  "nothing-from-outside-src": ["src/demo/fixture.ts", 'import "../../test/fixture.ts";'],
  "shared-knows-nobody": ["src/shared/nosy.ts", 'import type { X } from "../systems/docker/port.ts";'],
  "analysis-is-pure": ["src/analysis/a/stored.ts", 'import { x } from "../../store/database.ts";'],
  "analysis-is-pure-types-only": ["src/analysis/a/reading.ts", 'import { x } from "../../systems/docker/port.ts";'],
  "systems-know-config-types": ["src/systems/docker/gated.ts", 'import type { X } from "../../confirm/gate.ts";'],
  "systems-know-config-types-types-only": ["src/systems/docker/env.ts", 'import { x } from "../../config/load.ts";'],
  "config-stands-alone": ["src/config/tools.ts", 'import { x } from "../tools/registry.ts";'],
  "confirm-knows-the-store": ["src/confirm/effect.ts", 'import type { X } from "../systems/docker/port.ts";'],
  "store-stands-alone": ["src/store/gate.ts", 'import { x } from "../confirm/gate.ts";'],
  "tools-are-thin": ["src/tools/docker/cheat.ts", 'import { x } from "../../confirm/gate.ts";'],
  "tools-are-thin-types-only": ["src/tools/docker/own.ts", 'import { x } from "../../systems/docker/port.ts";'],
  "resources-are-thin": ["src/resources/r.ts", 'import { x } from "../tools/registry.ts";'],
  "resources-are-thin-types-only": ["src/resources/own.ts", 'import { x } from "../systems/docker/port.ts";'],
  "prompts-are-thin": ["src/prompts/p.ts", 'import { x } from "../mcp/server.ts";'],
  "prompts-are-thin-types-only": ["src/prompts/own.ts", 'import { x } from "../systems/docker/port.ts";'],
  "watch-asks-the-gate": ["src/watch/w.ts", 'import { x } from "../tools/registry.ts";'],
  "watch-asks-the-gate-types-only": ["src/watch/own.ts", 'import { x } from "../systems/docker/port.ts";'],
  "mcp-is-the-edge": ["src/mcp/configured.ts", 'import { x } from "../config/load.ts";'],
  "mcp-is-the-edge-types-only": ["src/mcp/own.ts", 'import { x } from "../systems/docker/port.ts";'],
  "web-shows-the-gate": ["src/web/mcp.ts", 'import { x } from "../mcp/server.ts";'],
  "web-shows-the-gate-types-only": ["src/web/own.ts", 'import { x } from "../systems/docker/port.ts";'],
  "sql-stays-in-the-store": ["src/confirm/sql.ts", 'import type Database from "better-sqlite3";'],
  "sdk-stays-at-the-edge": ["src/web/sdk.ts", 'import type { McpServer } from "@modelcontextprotocol/server";'],
  "wires-stay-in-systems": ["src/cli/wire.ts", 'export const wire = () => import("dockerode");'],
  "analysis-does-no-io": ["src/analysis/a/file.ts", 'import { readFileSync } from "node:fs";'],
  "thin-folders-do-no-io": ["src/tools/docker/run.ts", 'import { execFile } from "node:child_process";'],
  "only-the-gate-issues-proofs": ["src/mcp/forge.ts", 'import { issue } from "../confirm/issue.ts";'],
  "the-gate-has-no-hands": ["src/confirm/hand.ts", 'import { connect } from "node:net";'],
};

/** What is right and must stay green, so that a rule can't be shown by refusing everything. */
const allowed: Record<string, string> = {
  "src/analysis/a/types.ts":
    'import type { X } from "../../systems/docker/port.ts"; import { createHash } from "node:crypto";',
  "src/systems/docker/config.ts":
    'import type { X } from "../../config/load.ts"; import { x } from "../../shared/round.ts";',
  "src/systems/docker/lazy.ts": 'export const wire = () => import("dockerode"); import { connect } from "node:net";',
  "src/confirm/stored.ts": 'import { x } from "../store/database.ts"; import { readFileSync } from "node:fs";',
  "src/tools/docker/good.ts":
    'import { x } from "../../analysis/a/types.ts"; import type { X } from "../../systems/docker/port.ts"; import type { Risk } from "../../confirm/define.ts"; import { z } from "zod";',
  "src/mcp/good.ts":
    'import { McpServer } from "@modelcontextprotocol/server"; import { serveStdio } from "@modelcontextprotocol/server/stdio"; import { x } from "../confirm/gate.ts";',
  "src/store/sql.ts": 'import Database from "better-sqlite3";',
  "src/steward.ts": 'import { x } from "./confirm/gate.ts"; import { y } from "./systems/docker/port.ts";',
};

/** Files the lines above import. */
const stubs = [
  "systems/docker/port.ts",
  "store/database.ts",
  "config/load.ts",
  "confirm/gate.ts",
  "confirm/define.ts",
  "confirm/issue.ts",
  "tools/registry.ts",
  "mcp/server.ts",
];

describe("imports run one way", () => {
  let folder = "";
  let broken: { from: string; rule: { name: string } }[] = [];

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "steward-imports-")));
    const write = async (file: string, text: string) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), `${text}\n`);
    };
    for (const name of ["package.json", "tsconfig.json", ".dependency-cruiser.cjs"])
      await cp(join(repository, name), join(folder, name));
    await symlink(join(repository, "node_modules"), join(folder, "node_modules"), "junction");
    for (const stub of stubs) await write(`src/${stub}`, "export const x = 1; export type X = 1;");
    await write("src/shared/round.ts", 'import { around } from "./about.ts"; export const round = () => around;');
    await write("test/fixture.ts", "export const x = 1;");
    for (const [file, line] of Object.values(planted)) await write(file, line);
    for (const [file, line] of Object.entries(allowed)) await write(file, line);
    broken = (await cruise(folder)).violations;
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("every rule has a planted violation", () => {
    expect(Object.keys(planted).sort()).toEqual(config.forbidden.map((rule) => rule.name).sort());
  });

  test.each(Object.entries(planted))("%s goes red", (rule, [file]) => {
    expect(broken.filter((violation) => violation.from === file).map((violation) => violation.rule.name)).toContain(
      rule,
    );
  });

  test.each(Object.keys(allowed))("%s stays green", (file) => {
    expect(broken.filter((violation) => violation.from === file)).toEqual([]);
  });

  test("the tree keeps to the rules", { timeout: 60_000 }, async () => {
    const { totalCruised, violations } = await cruise(repository);
    expect(violations).toEqual([]);
    // A cruiser that reads nothing finds nothing: this is how it answers under a TypeScript it doesn't know.
    expect(totalCruised).toBeGreaterThan(15);
  });
});
