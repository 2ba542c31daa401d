import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startExecServer } from "../systems/shell/ssh-server.ts";
import { commandLine } from "./support/command-line.ts";

describe("what the owner installs", () => {
  it("is printed for sudo, for the user Home Steward logs in as", async () => {
    const { code, stdout, stderr } = await commandLine(["setup", "--print-sudoers", "--user", "me"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("    /usr/sbin/zpool ^scrub -- ([A-Za-z][A-Za-z0-9._:-]*)$, \\\n");
    expect(stdout).toMatch(/\nme ALL = \(root\) NOPASSWD: HOME_STEWARD\n$/);
  });

  it("is printed for sshd as a script", async () => {
    const { code, stdout } = await commandLine(["setup", "--print-forced-command", "--root", "/srv/data"]);
    expect(stdout).toContain("'((/srv/data)(/");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^#!\/bin\/sh\n/);
  });

  it("is for no user whose name would be read as something else", async () => {
    const { code, stdout } = await commandLine(["setup", "--print-sudoers", "--user", "%wheel"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe.skipIf(process.platform === "win32")("the doctor tries a shell over ssh (needs a POSIX sh)", () => {
  const folder = mkdtempSync(join(tmpdir(), "home-steward-doctor-"));
  let server: Awaited<ReturnType<typeof startExecServer>>;
  beforeAll(async () => {
    server = await startExecServer();
    writeFileSync(join(folder, "key"), server.ssh.key, { mode: 0o600 });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const doctor = async (hostKey: string) => {
    const { host, port, user } = server.ssh;
    const ssh = { host, port, user, key_file: join(folder, "key"), host_key: hostKey };
    const file = join(folder, "config.yaml");
    writeFileSync(file, JSON.stringify({ hosts: [{ name: "nas", shell: "ssh", ssh }] }), { mode: 0o600 });
    return commandLine(["doctor", "--config", file], { env: { XDG_STATE_HOME: folder, HOME: folder } });
  };

  it("and says what can be run there, or what is missing", async () => {
    const { stdout } = await doctor(server.ssh.hostKey);
    const programs = stdout.split("\n").filter((line) => line.includes("Shell on nas: "));
    const said = programs.join("\n");
    for (const program of ["lsblk", "zpool", "zfs", "smartctl"]) expect(said).toContain(program);
    expect(said).not.toContain("PROBLEM");
  });

  it("and says once what is in the way", async () => {
    const pinned = `SHA256:${"A".repeat(43)}`;
    const { code, stdout } = await doctor(pinned);
    expect(code).toBe(1);
    const said = stdout.split("\n").filter((line) => line.includes("Shell on nas: "));
    expect(said).toEqual([
      `PROBLEM Shell on nas: 127.0.0.1 shows the host key ${server.ssh.hostKey}, but ${pinned} is pinned.`,
    ]);
  });
});
