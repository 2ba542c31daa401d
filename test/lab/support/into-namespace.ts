import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection, createServer, type Server } from "node:net";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lab } from "./lab.ts";

/** Bytes from a port out here to one inside the lab's namespace, untouched, so that TLS is spoken end to end. */
export async function portInto(lab: Lab, port: number): Promise<{ port: number; close(): Promise<void> }> {
  const socket = join(lab.folder, "run", `port-${port}.sock`);
  const inside = ["--net", `/run/netns/hs-${basename(lab.folder)}`].join("=");
  const script = fileURLToPath(import.meta.url);
  const child = spawn("nsenter", [inside, process.execPath, script, socket, String(port)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const server = createServer((from) => joined(from, createConnection(socket)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async close() {
      server.close();
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

function joined(one: ReturnType<typeof createConnection>, other: ReturnType<typeof createConnection>): void {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}

/** The half inside: ends with its input, so it never outlives the test. */
function serveInside(socket: string, port: number): Server {
  process.stdin.resume().on("end", () => process.exit());
  return createServer((from) => joined(from, createConnection(port, "127.0.0.1"))).listen(socket, () =>
    process.stdout.write("ready\n"),
  );
}

const [, started, socket, port] = process.argv;
if (started === fileURLToPath(import.meta.url) && socket !== undefined) serveInside(socket, Number(port));
