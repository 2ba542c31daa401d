import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Door, openDoor, type Room } from "../../src/mcp/door.ts";
import { ownedSecret } from "../../src/mcp/owned-file.ts";
import { pageFinder } from "../../src/mcp/page-finder.ts";
import { commandLine } from "./support/command-line.ts";

describe("a daemon whose port is taken ends, and says by whom it is", () => {
  let folder: string;
  let door: Door;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hs-daemon-"));
  });
  afterEach(async () => {
    await door.close();
    rmSync(folder, { recursive: true });
  });

  async function daemonBeside(rooms: readonly Room[]) {
    door = await openDoor({ host: "127.0.0.1", port: 0, rooms, onError: () => {} });
    const config = join(folder, "config.yaml");
    writeFileSync(config, `http: { port: ${door.port} }\n`);
    const said = await commandLine(["daemon", "--config", config], { env: { HOME_STEWARD_HOME: folder } });
    return { ...said, stderr: said.stderr.replace(String(door.port), "N") };
  }

  it("another program", async () => {
    expect(await daemonBeside([])).toEqual({
      code: 1,
      stdout: "",
      stderr: "Port N is taken. Set another http.port in the configuration.\n",
    });
  });

  it("another process of this home", async () => {
    const key = ownedSecret(folder, "page.key");
    const page: Room = async () => false;
    const { room } = pageFinder({ folder, key, host: "127.0.0.1", port: 0, page, onError: () => {} });
    expect(await daemonBeside([room])).toEqual({
      code: 1,
      stdout: "",
      stderr: "Port N is taken by another process of this Home Steward. Use that one, or end it first.\n",
    });
  });
});

it("scripts/with-setup says which tasks there are", () => {
  const script = fileURLToPath(new URL("../../scripts/with-setup.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "dance"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "Unknown task. There are: start, test, test:lab, bench, docs.\n",
  });
});
