import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discover } from "../src/discover.ts";

const posix = process.platform !== "win32";

describe.skipIf(!posix)("what is found on a machine (POSIX paths)", () => {
  let home: string;
  let engine: Server | undefined;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "hs-here-"));
  });
  afterEach(async () => {
    await new Promise((resolve) => (engine ? engine.close(resolve) : resolve(null)));
    engine = undefined;
    rmSync(home, { recursive: true });
  });

  async function listenAt(path: string): Promise<void> {
    mkdirSync(join(path, ".."), { recursive: true });
    engine = createServer();
    await new Promise<void>((resolve) => engine?.listen(path, resolve));
  }

  it("is Docker where its socket answers, in a user's own folder too", async () => {
    const socket = join(home, "docker.sock");
    await listenAt(socket);
    const found = await discover({ env: { XDG_RUNTIME_DIR: home }, platform: "linux", home });
    // A machine that runs these tests may have Docker itself.
    const [host] = found.hosts;
    expect(host).toMatchObject({ name: "this-machine", docker: { socket: expect.stringContaining("docker.sock") } });
    expect(found.words[0]).toMatch(/^Docker at \/.*docker\.sock$/);
  });

  it("is not a socket that nobody answers", async () => {
    writeFileSync(join(home, "docker.sock"), "");
    const { words } = await discover({ env: { XDG_RUNTIME_DIR: home }, platform: "linux", home });
    expect(words).not.toContain(`Docker at ${join(home, "docker.sock")}`);
  });

  it("is a machine with a command line where ZFS or smartmontools are, with Docker or without", async () => {
    const zpool = join(home, "zpool");
    writeFileSync(zpool, "");
    chmodSync(zpool, 0o755);
    const { hosts, words } = await discover({ env: { PATH: home }, platform: "linux", home });
    expect(words).toContain("ZFS (zpool)");
    expect(hosts).toMatchObject([{ name: "this-machine", shell: "local" }]);
  });

  it("is called otherwise on Windows", async () => {
    writeFileSync(join(home, "zpool"), "");
    writeFileSync(join(home, "smartctl.exe"), "");
    const { words } = await discover({ env: { PATH: home }, platform: "win32", home });
    expect(words.filter((found) => !found.startsWith("Docker") && !found.includes("UPS"))).toEqual([
      "disk health (smartctl)",
    ]);
  });
});
