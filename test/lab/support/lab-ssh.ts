import { readFileSync } from "node:fs";
import { join } from "node:path";
import ssh2 from "ssh2";
import { fingerprintOf } from "../../../src/systems/pins.ts";
import type { SshConnection } from "../../../src/systems/ssh.ts";
import type { Lab } from "./lab.ts";

/** How to log in to the lab's sshd, as root. */
export function labSsh(lab: Lab): SshConnection {
  const at = (name: string) => readFileSync(join(lab.folder, "ssh", name), "utf8");
  const parsed = ssh2.utils.parseKey(at("host.pub"));
  if (parsed instanceof Error) throw parsed;
  const hostKey = fingerprintOf(parsed.getPublicSSH());
  return { host: "127.0.0.1", port: lab.sshPort, user: "root", key: at("user"), hostKey };
}
