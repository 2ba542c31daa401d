import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-guard-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a watcher from a process that then ends as `ending` says; answers what the watcher heard. */
async function heard(ending: "over" | "killed"): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  // Stands in for the program: as a watcher it reports what its pipe said until it ended.
  const main = join(folder, "main.mjs");
  writeFileSync(
    main,
    `import { connect } from "node:net"; import { text } from "node:stream/consumers";
     const to = connect(Number(process.argv[3]), "127.0.0.1"); to.write("up\\n");
     to.end(process.argv[2] + " heard " + JSON.stringify(await text(process.stdin)));`,
  );
  const parent = join(folder, "parent.mts");
  const startGuard = fileURLToPath(new URL("../../src/cli/start-guard.ts", import.meta.url));
  writeFileSync(
    parent,
    `import { startGuard } from ${JSON.stringify(startGuard)};
     const watch = startGuard(${JSON.stringify(main)}, [${JSON.stringify(String(port))}], (error) => { throw error; });
     process.stdin.once("data", () => { ${ending === "over" ? "watch.over(); process.stdin.destroy();" : 'process.kill(process.pid, "SIGKILL");'} });`,
  );
  const child = spawn(process.execPath, [parent], { stdio: ["pipe", "inherit", "inherit"] });
  const [socket]: Socket[] = await once(server, "connection");
  let said = "";
  socket?.setEncoding("utf8").on("data", (chunk) => {
    said += chunk;
  });
  if (socket) await once(socket, "data");
  child.stdin.write("now\n");
  if (socket) await once(socket, "end");
  server.close();
  return said;
}

test("a watcher outlives its process and notices that it was killed", async () => {
  expect(await heard("killed")).toBe('up\nguard heard ""');
});

test("a watcher is told when the plan has ended", async () => {
  expect(await heard("over")).toBe('up\nguard heard "over\\n"');
});
