import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Client, ClientChannel } from "ssh2";
import { type SshConnection, sshLink } from "../../../src/systems/ssh.ts";
import { type Lab, labMissing, startLab } from "./lab.ts";
import { labSsh } from "./lab-ssh.ts";

const script = (name: string) => fileURLToPath(new URL(`../../../lab/${name}`, import.meta.url));

/**
 * A Debian with real OpenZFS 2.3 under QEMU (lab/zfs-guest.sh): pools `tank` (a mirror with a spare) and `backup` (raidz1),
 * disk 3 of the SATA ones and all SCSI ones free; an ordinary account `steward` with the same key, and sudo; systemd.
 * For permissions: `zfs set acltype=posix`, setfacl, NFS (OpenZFS on Linux has no NFSv4 ACLs: those are in TrueNAS's own
 * build only). For quotas: cgroup v2, `io.max` in any cgroup that a test makes. dockerd is there and not
 * started: own-user.test.ts starts it, without a network. guest-home.ts puts a home on it.
 *
 * Every start is the same saved state, about three seconds away: take a new one for whatever breaks something. One at a
 * time: test files run one after the other, and a guest needs both cores. Commands take a quarter of a second each.
 */
export interface ZfsGuest {
  readonly lab: Lab;
  /** How to log in as root, host key pinned; `steward` is there as well. */
  readonly ssh: SshConnection;
  /** Runs a line in root's shell there, not by our own code: what it says is the evidence. Rejects where it fails. */
  run(line: string, input?: string): Promise<string>;
  /** Commands for QEMU's monitor, such as `block_set_io_throttle sata0 0 1000000 0 0 0 0`: a disk of 1 MB/s for reading. */
  monitor(...commands: string[]): Promise<string>;
  /** As if the whole machine hung, and went on. */
  order(order: "pause" | "resume"): Promise<void>;
  down(): Promise<void>;
}

/** Why there can be no guest here, or null. In CI that is a failure, never a silent skip. */
export const guestMissing = labMissing ?? missing();

/** A title that says why its tests are skipped. */
export const onGuest = (title: string) => (guestMissing === null ? title : `${title} [skipped: ${guestMissing}]`);

function missing(): string | null {
  try {
    execFileSync(script("zfs-guest/build.sh"), ["check"], { stdio: "ignore" });
    return null;
  } catch {
    const reason = "build the ZFS guest first: lab/zfs-guest/build.sh, about five minutes";
    if (process.env.CI) throw new Error(`No ZFS guest in CI: ${reason}`);
    return reason;
  }
}

/** Ends with `down()`, and with the next test file should this process die. */
export async function startZfsGuest(): Promise<ZfsGuest> {
  const lab = await startLab({ docker: false });
  const env = { ...process.env, LAB: lab.folder, SSH_PORT: String(lab.sshPort) };
  const guest = async (...args: string[]) =>
    (await promisify(execFile)(script("zfs-guest.sh"), args, { env })).stdout.trim();
  try {
    await guest("start");
    const ssh = labSsh(lab);
    const link = sshLink(ssh, 30_000);
    const client = await link.connected();
    return {
      lab,
      ssh,
      run: (line, input = "") => run(client, line, input),
      monitor: (...commands) => guest("monitor", ...commands),
      order: async (order) => void (await guest(order)),
      async down() {
        link.close();
        await lab.down();
      },
    };
  } catch (error) {
    await lab.down();
    throw error;
  }
}

async function run(client: Client, line: string, input: string): Promise<string> {
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.exec(line, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const ended = once(channel, "close");
  channel.end(input);
  const [stdout, stderr] = await Promise.all([text(channel), text(channel.stderr)]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${line}\nended with ${code}: ${stderr}`);
  return stdout.trimEnd();
}
