import { execFile } from "node:child_process";
import { createServer, request } from "node:http";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Door } from "../../src/mcp/door.ts";
import { mcpPath, serveHttp } from "../../src/mcp/http.ts";
import { fixtureFactory } from "./fixture-factory.ts";

const manifest = import.meta.resolve("@modelcontextprotocol/conformance/package.json");
const cli = fileURLToPath(new URL("dist/index.js", manifest));
const token = "a-token-of-the-tests";
const port = z.object({ port: z.number() });

/** The suite knows no bearer token: what it sends goes on untouched, with ours added. */
const front = createServer((req, res) => {
  const headers = { ...req.headers, authorization: `Bearer ${token}` };
  const onward = request(new URL(req.url ?? "/", door.url), { method: req.method ?? "GET", headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  onward.on("error", () => res.destroy());
  res.on("close", () => onward.destroy());
  req.pipe(onward);
});
let door: Door;

beforeAll(async () => {
  door = await serveHttp(fixtureFactory(), {
    host: "127.0.0.1",
    port: 0,
    token,
    rooms: [],
    onResourceChange: () => () => {},
    onError: () => {},
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await door.close();
});

test.each([
  ["2025-11-25", 30],
  ["2026-07-28", 37],
] as const)(
  "the official suite passes all that %s requires, over our transport: %i scenarios",
  { timeout: 120_000 },
  async (revision, scored) => {
    const url = `http://127.0.0.1:${port.parse(front.address()).port}${mcpPath}`;
    const { code, output } = await run(["server", "--url", url, "--requirements", revision]);
    const [scenarios = "", optional = ""] = output.split("Not scored for");
    const verdicts = [...scenarios.matchAll(/^([✓✗]) ([\w-]+): /gm)].map(([, mark, name = ""]) => ({ mark, name }));
    // Extensions, and what the suite's own server can't pass yet, are run too but not required.
    const required = verdicts.filter(({ name }) => !optional.includes(` ${name} `));
    expect(
      required.filter(({ mark }) => mark === "✗").map(({ name }) => name),
      output,
    ).toEqual([]);
    expect(required.length).toBe(scored);
    expect(code).toBe(0);
  },
);

function run(args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], { maxBuffer: 64e6 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? 1, output: stdout + stderr });
    });
  });
}
