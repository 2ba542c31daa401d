import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killProcess, type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";

const script = (name: string, folder: string, ...words: string[]) =>
  promisify(execFile)(fileURLToPath(new URL(`../../lab/${name}.sh`, import.meta.url)), words, {
    env: { ...process.env, LAB: folder },
  });

describe.skipIf(labMissing !== null)(titled("the lab itself"), () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ ssh: true });
  });
  afterAll(() => lab.down());

  it("runs an image from its own registry until it is healthy", async () => {
    await lab.publish("web", 1);
    await lab.docker("run", "-d", "--name", "web", `${registry}/web`);
    const health = () => lab.docker("inspect", "-f", "{{.State.Health.Status}}", "web");
    expect(await until(health, (status) => status === "healthy")).toBe("healthy");
    expect(await lab.docker("exec", "web", "wget", "-q", "-O-", "http://127.0.0.1:8080/")).toBe("version 1");
  });

  it("publishes a new version without dockerd learning of it", async () => {
    const first = await lab.publish("quiet", 1);
    await lab.docker("pull", "-q", `${registry}/quiet`);
    const second = await lab.publish("quiet", 2);
    expect(second).not.toBe(first);
    expect(await lab.docker("image", "inspect", "-f", "{{index .RepoDigests 0}}", `${registry}/quiet`)).toBe(
      `${registry}/quiet@${first}`,
    );
  });

  it("keeps dockerd's network to itself", () => {
    expect(readlinkSync(`/proc/${pidOf(lab.folder, "dockerd")}/ns/net`)).not.toBe(readlinkSync("/proc/self/ns/net"));
  });

  it("removes no folder that is none of its own, and leaves a lab of the same name alone", async () => {
    const other = mkdtempSync(join(tmpdir(), "hs-"));
    mkdirSync(join(other, "our-own-photos"));
    await script("sweep", other, other);
    await expect(script("down", other)).rejects.toThrow("holds something that is no lab");
    expect(existsSync(join(other, "our-own-photos"))).toBe(true);

    rmdirSync(join(other, "our-own-photos"));
    rmSync(join(other, "sweep.lock"));
    const alike = join(other, basename(lab.folder));
    await expect(script("registry", alike, "start")).rejects.toThrow("is a lab of the same name");
    await script("down", alike);
    await script("down", other);
    expect(existsSync(other)).toBe(false);
    expect(await lab.docker("version", "-f", "{{.Server.Os}}")).toBe("linux");
  });

  it("takes down what a killed owner and a killed dockerd left, containers included, and nothing else", async () => {
    // Among labs of its own: others that start meanwhile sweep theirs.
    const root = mkdtempSync(join(tmpdir(), "hs-"));
    const owner = spawn(process.execPath, [fileURLToPath(new URL("support/abandon.ts", import.meta.url))], {
      env: { ...process.env, HOME_STEWARD_LAB: root },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(owner.stdout.setEncoding("utf8"), "data");
    const [folder = "", container = ""] = String(line).trim().split(" ");
    owner.kill("SIGKILL");
    await once(owner, "exit");
    killProcess(pidOf(folder, "dockerd"));
    expect(processesOf(container)).not.toBe(0);

    await script("sweep", root, root);
    // What was killed is there until somebody has collected it.
    const left = async () => [processesOf(container), processesOf(folder)];
    expect(await until(left, (now) => now.join() === "0,0")).toEqual([0, 0]);
    expect(readdirSync(root)).toEqual(["sweep.lock"]);
    rmSync(root, { recursive: true });
    expect(existsSync(`/run/netns/hs-${folder.split("/").at(-1)}`)).toBe(false);
    expect(await lab.docker("version", "-f", "{{.Server.Os}}")).toBe("linux");
  });
});

const pidOf = (folder: string, daemon: string) =>
  Number(readFileSync(join(folder, `run/${daemon}.pid`), "utf8").split(" ")[0]);

/** How many processes name `what` in their command line or in their cgroup. */
const processesOf = (what: string) =>
  readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/cgroup`].some((file) => contents(file).includes(what)))
    .length;

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it ended meanwhile
  }
}
