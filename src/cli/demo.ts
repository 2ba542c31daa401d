import { createServer } from "node:net";
import { loadConfig } from "../config/load.ts";
import { startDemoHome } from "../demo/home.ts";
import type { Found } from "../discover.ts";
import type { Command, Surroundings } from "./command.ts";
import { keepOpen } from "./keep-open.ts";
import { readOptions } from "./wrong-use.ts";

const usualPort = 8471;

/** A simulated home over HTTP, with its approval page. */
export const demo: Command = async (args, surroundings) => {
  readOptions(args, {});
  return serveDemo(surroundings, null);
};

/** Opens the demo home and keeps it open. `found` is what was found on this machine when a real home was looked for. */
export async function serveDemo(surroundings: Surroundings, found: Found | null): Promise<number> {
  const home = await startDemoHome(await freePort(usualPort));
  try {
    const { platform } = surroundings;
    // Settings meant for the real home don't belong in this one.
    const loaded = await loadConfig({ file: home.configFile, env: {}, platform });
    return await keepOpen({ ...loaded, folder: home.folder, found }, surroundings, { passphrase: home.passphrase });
  } finally {
    await home.close();
  }
}

/** The usual port, or another one where that is taken: a real home may run beside the demo. */
function freePort(preferred: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (preferred === 0 ? reject(error) : freePort(0).then(resolve, reject)));
    server.listen(preferred, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : preferred));
    });
  });
}
