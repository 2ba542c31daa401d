import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { tools } from "../../src/tools/registry.ts";

const manifest = new URL(import.meta.resolve("@modelcontextprotocol/inspector/package.json"));
const bins = z.object({ bin: z.record(z.string(), z.string()) });
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

let folder = "";
let inspector = "";
beforeAll(async () => {
  const { bin } = bins.parse(JSON.parse(await readFile(manifest, "utf8")));
  inspector = fileURLToPath(new URL(bin["mcp-inspector"] ?? "missing", manifest));
  folder = await mkdtemp(join(tmpdir(), "steward-inspector-"));
  // Everything configured, nothing there.
  const config = { hosts: [{ name: "nas", shell: "local", docker: { url: "tcp://127.0.0.1:9" } }] };
  await writeFile(join(folder, "config.yaml"), JSON.stringify(config), { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the Inspector's strict check finds no error in the real server's tools/list", { timeout: 60_000 }, async () => {
  const settings = [`HOME_STEWARD_CONFIG=${join(folder, "config.yaml")}`, `HOME_STEWARD_HOME=${join(folder, "state")}`];
  const environment = settings.flatMap((setting) => ["-e", setting]);
  const server = [process.execPath, main, "serve"];
  const { code, stdout, stderr } = await run([
    "--cli",
    "--strict",
    "--method",
    "tools/list",
    ...environment,
    ...server,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr });
  const listed = z.object({ tools: z.array(z.object({ name: z.string() })) }).parse(JSON.parse(stdout));
  expect(listed.tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
});

function run(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  // Its own folder too: it would write a catalog into the person's home.
  const env = { ...process.env, HOME: folder, USERPROFILE: folder };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [inspector, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}
