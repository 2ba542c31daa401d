import { spawn } from "node:child_process";
import { createConnection } from "node:net";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lab } from "./lab.ts";

/** Skipped at the beginning: what a burst lets through is not the rate. */
const settle_ms = 1_000;
const measure_ms = 3_000;

/** Bits per second that come from a container that sends without end. */
export const received = (lab: Lab, address: string, port: number) => measured(lab, "receive", address, port);
/** Bits per second that a container takes which swallows all it gets. */
export const sent = (lab: Lab, address: string, port: number) => measured(lab, "send", address, port);

/** In a process inside the lab's network; it ends by itself. */
async function measured(lab: Lab, way: string, address: string, port: number): Promise<number> {
  const network = `--net=/run/netns/hs-${basename(lab.folder)}`;
  const args = [network, process.execPath, fileURLToPath(import.meta.url), way, address, String(port)];
  const child = spawn("nsenter", args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const chunk of child.stdout) said += String(chunk);
  return Number(said);
}

/** Counts what passes after the settling, until the time is over. */
function count(way: string, address: string, port: number): void {
  const socket = createConnection(port, address);
  let bytes = 0;
  const chunk = Buffer.alloc(16 * 1024);
  // Only what was handed on counts: a full buffer of the kernel is not yet on its way.
  const pump = () => {
    while (socket.writable && socket.write(chunk, () => (bytes += chunk.length)));
  };
  socket.on("data", (data) => {
    bytes += data.length;
  });
  socket.on("connect", () => {
    if (way === "send") {
      pump();
      socket.on("drain", pump);
    }
    setTimeout(() => {
      const before = { bytes, at: performance.now() };
      setTimeout(() => {
        process.stdout.write(String(((bytes - before.bytes) * 8000) / (performance.now() - before.at)));
        socket.destroy();
      }, measure_ms);
    }, settle_ms);
  });
}

const [, started, way, address, port] = process.argv;
if (started === fileURLToPath(import.meta.url) && way && address) count(way, address, Number(port));
