import type { Client } from "ssh2";
import { StewardError } from "../shared/errors.ts";
import { fingerprintOf, samePin } from "./pins.ts";

/** Where a machine's sshd is and how to log in there. Keys only; no password is ever sent. */
export interface SshConnection {
  host: string;
  port: number;
  user: string;
  /** PEM or OpenSSH private key. */
  key: string;
  passphrase?: string;
  /** "SHA256:…" as `ssh-keygen -lf` prints it; "" where the owner has not pinned one yet, which refuses and says the key. */
  hostKey: string;
}

/** One connection to a machine, shared by all that go over it and made again after a loss. */
export interface SshLink {
  /** Errors: unreachable, timeout, refused (host key, login), unsupported, wrong_answer. */
  connected(): Promise<Client>;
  /** Ends a connection that no longer answers, with all that goes over it. */
  drop(client: Client): void;
  close(): void;
}

const keepAlive = { keepaliveInterval: 10_000, keepaliveCountMax: 3 };

export function sshLink(target: SshConnection, deadline_ms: number): SshLink {
  let current: Promise<Client> | undefined;
  const open = new Set<Client>();
  const connected = () => {
    const mine = connect(target, deadline_ms, (client) => {
      open.delete(client);
      if (current === mine) current = undefined;
    });
    mine.then(
      (client) => open.add(client),
      () => {
        if (current === mine) current = undefined;
      },
    );
    return mine;
  };
  return {
    connected() {
      current ??= connected();
      return current;
    },
    drop: (client) => void client.destroy(),
    close() {
      current = undefined;
      for (const client of open) client.destroy();
    },
  };
}

async function connect(target: SshConnection, deadline_ms: number, lost: (client: Client) => void): Promise<Client> {
  const { Client: SshClient } = await import("ssh2");
  const { host, port, user, key, passphrase, hostKey } = target;
  const client = new SshClient();
  let shown: string | null = null;
  const { promise, resolve, reject } = Promise.withResolvers<Client>();
  client.once("ready", () => {
    // Else the small messages of a command wait for acknowledgements, 40 ms each.
    client.setNoDelay(true);
    resolve(client);
  });
  client.on("error", (error) => reject(explained(target, error, shown)));
  client.on("close", () => {
    lost(client);
    reject(unreachable(target));
  });
  try {
    client.connect({
      ...keepAlive,
      host,
      port,
      username: user,
      privateKey: key,
      ...(passphrase === undefined ? {} : { passphrase }),
      // A server that is not OpenSSH says itself what it can't do.
      strictVendor: false,
      readyTimeout: deadline_ms,
      hostVerifier: (presented: Buffer) => {
        shown = fingerprintOf(presented);
        return samePin(hostKey, shown);
      },
    });
  } catch (cause) {
    const fix = "Check ssh.key_file: an OpenSSH or PEM private key, with its passphrase if it has one.";
    throw new StewardError("refused", "The private key for ssh can't be read.", fix, { cause });
  }
  return promise;
}

function explained({ host, user, hostKey }: SshConnection, error: Error, shown: string | null): StewardError {
  const told = (code: StewardError["code"], message: string, fix: string) =>
    new StewardError(code, message, fix, { cause: error });
  const level = "level" in error ? error.level : "";
  if (shown !== null && !samePin(hostKey, shown))
    return hostKey === ""
      ? told(
          "refused",
          `The host key of ${host} is not pinned yet; it shows ${shown}.`,
          "On that machine run: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. If it prints the same, set ssh.host_key to it.",
        )
      : told(
          "refused",
          `${host} shows the host key ${shown}, but ${hostKey} is pinned.`,
          "Either that machine was set up anew, or another one answers in its place. Run ssh-keygen -lf " +
            "/etc/ssh/ssh_host_ed25519_key.pub on it, and change ssh.host_key only if it prints the key shown here.",
        );
  if (level === "client-authentication")
    return told(
      "refused",
      `The sshd of ${host} does not let ${user} in with this key.`,
      `Put the public half of ssh.key_file into ~/.ssh/authorized_keys of ${user} there.`,
    );
  if (level === "client-timeout")
    return told(
      "timeout",
      `The sshd of ${host} did not answer in time.`,
      "Check that the machine is on and not stuck.",
    );
  if (/no matching/.test(error.message))
    return told("unsupported", `The sshd of ${host} and Home Steward know no cipher in common.`, "Update its OpenSSH.");
  if (level === "handshake" || level === "protocol")
    return told("wrong_answer", `What answers on ${host} is no sshd.`, "Check ssh.host and ssh.port.");
  return unreachable({ host }, error);
}

function unreachable({ host }: { host: string }, cause?: Error): StewardError {
  const fix = "Check that the machine is on, that its sshd runs, and ssh.host and ssh.port.";
  return new StewardError("unreachable", `There is no ssh connection to ${host}.`, fix, { cause });
}
