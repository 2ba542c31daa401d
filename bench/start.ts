import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Figure, median, several } from "./measure.ts";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const preload = new URL("./report-usage.mjs", import.meta.url).href;

/** Two engines configured, nothing there. */
const allDown = `
hosts:
  - name: here
    docker: { socket: /nonexistent/docker.sock }
  - name: nas
    docker: { url: "http://127.0.0.1:9" }
`;

const usage = z.object({ cpu_ms: z.number(), rss_bytes: z.number() });
const answer = z.object({ id: z.number(), result: z.record(z.string(), z.unknown()) });

interface Start {
  cpu_ms: number;
  wall_ms: number;
  rss_bytes: number;
}

/** Starts the server over stdio, as a client does, and says what it used until its first answer. */
async function start(folder: string): Promise<Start> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", preload, main, "serve", "--config", join(folder, "config.yaml")], {
    stdio: ["pipe", "pipe", "ignore", "ipc"],
    env: { ...process.env, HOME_STEWARD_HOME: join(folder, "state") },
  });
  const { stdin, stdout } = child;
  try {
    if (!stdin || !stdout) throw new Error("The server has no pipes.");
    const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    };
    stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("The server ended before it answered.");
    answer.parse(JSON.parse(value));
    const wall_ms = performance.now() - started;
    child.send("usage");
    const [reported] = await once(child, "message");
    return { ...usage.parse(reported), wall_ms };
  } finally {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
}

/** What Node costs by itself: how busy or slow this machine is. 23 ms where the targets were set. */
async function bareNode(): Promise<number> {
  const child = spawn(process.execPath, ["--import", preload, "--eval", "setInterval(() => {}, 1000)"], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  try {
    child.send("usage");
    const [reported] = await once(child, "message");
    return usage.parse(reported).cpu_ms;
  } finally {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
}

/** What it costs to start with every system down. */
export async function measureStart(runs: number): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "steward-bench-"));
  try {
    await writeFile(join(folder, "config.yaml"), allDown, { mode: 0o600 });
    const first = await start(folder);
    const starts = await several(runs, () => start(folder));
    const node = median(await several(runs, bareNode));
    const cpu = median(starts.map((run) => run.cpu_ms));
    return [
      { what: "Node alone, CPU", value: node, unit: "ms" },
      { what: "first start of all to first answer, CPU", value: first.cpu_ms, unit: "ms", target: 250 },
      { what: "start to first answer, CPU", value: cpu, unit: "ms", target: 250 },
      // On a busy machine both grow alike; this is the target where Node alone takes its 23 ms.
      { what: "… over Node alone", value: cpu / node, unit: "×", target: 10.9 },
      { what: "start to first answer, wall", value: median(starts.map((run) => run.wall_ms)), unit: "ms" },
      {
        what: "resident memory after it",
        value: median(starts.map((run) => run.rss_bytes / 1e6)),
        unit: "MB",
        target: 100,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
