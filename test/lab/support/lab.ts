import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const scripts = fileURLToPath(new URL("../../../lab/", import.meta.url));
const root = process.env.HOME_STEWARD_LAB ?? fileURLToPath(new URL("../../../.lab", import.meta.url));
// Debian's own first: a newer docker CLI refuses some of what this dockerd can do.
const PATH = `/usr/sbin:/usr/bin:/sbin:/bin:${process.env.PATH ?? ""}`;

/** What a published version is like: lab/publish.sh. */
export type Flavour = "unhealthy" | "crash" | "nohealth" | "volume" | "large";
type Daemon = "dockerd" | "registry" | "sshd";
type Order = "start" | "stop" | "kill" | "pause" | "resume";

/** Real daemons in a folder and a network namespace of their own. Image references start with {@link registry}. */
export interface Lab {
  readonly folder: string;
  /** dockerd's unix socket, reachable from outside the namespace. */
  readonly socket: string;
  readonly sshPort: number;
  /** The docker CLI, never our own code: what it says is the evidence. Rejects when it fails. */
  docker(...args: string[]): Promise<string>;
  order(daemon: Daemon, order: Order): Promise<void>;
  /** Makes `version` (1–9) the registry's `name:latest`; answers its manifest's digest. dockerd does not learn of it. */
  publish(name: string, version: number, ...flavours: Flavour[]): Promise<string>;
  down(): Promise<void>;
}

export const registry = "127.0.0.1:5000";

/** Why no lab can run here, or null. In CI that is a failure, never a silent skip. */
export const labMissing = missing();

/** A title that says why its tests are skipped. */
export const titled = (title: string) => (labMissing === null ? title : `${title} [skipped: ${labMissing}]`);

function missing(): string | null {
  const reason =
    process.platform !== "linux" || process.getuid?.() !== 0
      ? "the lab needs Linux and root"
      : ["dockerd", "docker", "docker-registry", "sshd", "sudo", "nsenter", "ip"].every(installed)
        ? null
        : "run lab/install.sh first";
  if (reason !== null && process.env.CI) throw new Error(`No lab in CI: ${reason}`);
  return reason;
}

function installed(command: string): boolean {
  try {
    execFileSync("which", [command], { stdio: "ignore", env: { PATH } });
    return true;
  } catch {
    return false;
  }
}

let labs = 0;

interface LabOptions {
  /** False: neither dockerd nor the registry is started. */
  docker?: boolean;
  ssh?: boolean;
  /** So small a disk for dockerd, e.g. "48m". */
  diskSize?: string;
  /** A folder for lab/dockerd.sh. */
  tls?: string;
  /** Another engine than this machine's: what {@link otherDocker} answered. */
  dockerDir?: string;
}

/** Fetches the engine of another Debian release, once; answers its folder. */
export async function otherDocker(suite: string): Promise<string> {
  const folder = join(root, `docker.${suite}`);
  mkdirSync(root, { recursive: true });
  await run(join(scripts, "other-docker.sh"), [suite, folder]);
  return folder;
}

/** Sweeps away what a crashed earlier run left, too. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  mkdirSync(root, { recursive: true });
  await run(join(scripts, "sweep.sh"), [root]);
  const folder = join(root, `${process.pid}-${startTime()}-${++labs}`);
  mkdirSync(folder);
  const sshPort = await freePort();
  const { diskSize = "", tls = "", dockerDir = "" } = options;
  const own = { LAB: folder, SSH_PORT: String(sshPort), DATA_SIZE: diskSize, TLS: tls, DOCKER_DIR: dockerDir };
  const env = { ...process.env, PATH, ...own };
  const script = async (name: string, ...args: string[]) =>
    (await run(join(scripts, `${name}.sh`), args, { env })).stdout.trim();
  const socket = join(folder, "run/docker.sock");
  const lab: Lab = {
    folder,
    socket,
    sshPort,
    docker: async (...args) =>
      (await run("docker", ["-H", `unix://${socket}`, ...args], { env, timeout: 60_000 })).stdout.trim(),
    order: async (daemon, order) => void (await script(daemon, order)),
    publish: (name, version, ...flavours) => script("publish", name, String(version), ...flavours),
    down: async () => void (await script("down")),
  };
  try {
    const { docker = true, ssh = false } = options;
    await Promise.all([docker && lab.order("dockerd", "start"), ssh && lab.order("sshd", "start")]);
    if (docker) await lab.order("registry", "start");
  } catch (error) {
    await lab.down();
    throw error;
  }
  return lab;
}

/** A process that is gone has the pid 0 or none, and a signal to 0 ends everybody in our own group: CI itself. */
export function killProcess(pid: unknown): void {
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 1) throw new Error(`There is no process to kill: ${pid}.`);
  process.kill(number, "SIGKILL");
}

/** Ours, in clock ticks since boot: with the pid it names this process for good. */
function startTime(): string {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return fields[19] ?? "0";
}

/** One of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(address)));
    });
  });
}

/** Asks until the answer satisfies, at most for `seconds`; then the last answer, for the assertion to show. */
export async function until<T>(ask: () => Promise<T>, satisfied: (answer: T) => boolean, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer) || Date.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
