import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const knip = join(repository, "node_modules/knip/bin/knip.js");
const name = z.object({ name: z.string() });
const report = z.object({
  issues: z.array(
    z.object({
      file: z.string(),
      files: z.array(name),
      dependencies: z.array(name).default([]),
      exports: z.array(name).default([]),
      types: z.array(name).default([]),
      unlisted: z.array(name).default([]),
    }),
  ),
});

/** A small tree with one of each thing that nobody uses; the rest of it is in use. */
const tree: Record<string, string> = {
  "package.json": JSON.stringify({
    name: "planted",
    type: "module",
    bin: { planted: "dist/main.js" },
    dependencies: { zod: "4", yaml: "2" },
    devDependencies: { vitest: "5" },
  }),
  "src/main.ts":
    'import { used, type Used } from "./used.ts"; import { z } from "zod"; import "ssh2"; used(z); export type Main = Used;',
  "src/used.ts":
    "export const used = (_: unknown) => 1; export type Used = 1; export const unused = 2; export type Unused = 2;",
  "src/lonely.ts": "export const lonely = 1;",
  "src/tested.ts": "export const tested = 1;",
  "test/a.test.ts":
    'import { test } from "vitest"; import { tested } from "../src/tested.ts"; test("a", () => tested);',
};

let folder = "";
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "steward-unused-")));
  for (const [file, text] of Object.entries(tree)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await cp(join(repository, "knip.json"), join(folder, "knip.json"));
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"), "junction");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What knip finds, as "kind file: name". It exits 1 when it finds something. */
async function found(...options: string[]): Promise<string[]> {
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, [knip, "--reporter", "json", ...options], { cwd: folder }, (_, out) => resolve(out));
  });
  return report
    .parse(JSON.parse(stdout))
    .issues.flatMap(({ file, ...kinds }) =>
      Object.entries(kinds).flatMap(([kind, names]) => names.map((one) => `${kind} ${file}: ${one.name}`)),
    )
    .toSorted();
}

test("what nobody uses is found: a file, an export, a type, a dependency, and one that isn't listed", async () => {
  expect(await found()).toEqual([
    "dependencies package.json: yaml",
    "exports src/used.ts: unused",
    "files src/lonely.ts: src/lonely.ts",
    "types src/used.ts: Unused",
    "unlisted src/main.ts: ssh2",
  ]);
});

test("what only a test uses is found as well: it is not wired into the program", async () => {
  expect(await found("--production", "--include", "files")).toEqual([
    "files src/lonely.ts: src/lonely.ts",
    "files src/tested.ts: src/tested.ts",
  ]);
});
