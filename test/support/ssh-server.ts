import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import ssh2, { type Connection } from "ssh2";
import type { SshConnection } from "../../src/systems/ssh.ts";

/** An sshd of a few lines, for tests that run anywhere: keys only, on loopback. */
export interface SshServer {
  ssh: SshConnection;
  /** Logins so far. */
  logins(): number;
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** One in some 400 keys that ssh2 makes it can't read itself. */
export function newKeyPair(): { private: string; public: string } {
  const pair = ssh2.utils.generateKeyPairSync("ed25519");
  return ssh2.utils.parseKey(pair.private) instanceof Error ? newKeyPair() : pair;
}

/** `serve` gets each client that has logged in. */
export async function startSshServer(serve: (client: Connection) => void): Promise<SshServer> {
  const [hostKey, userKey] = [newKeyPair().private, newKeyPair().private];
  const parsed = ssh2.utils.parseKey(userKey);
  const hostParsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error || hostParsed instanceof Error) throw new Error("The test's keys can't be read.");
  const allowed = parsed.getPublicSSH();
  const open = new Set<Socket>();
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (login) => {
      if (login.method === "publickey" && login.key.data.equals(allowed)) login.accept();
      else login.reject(["publickey"]);
    });
    client.on("ready", () => {
      logins += 1;
      serve(client);
    });
  });
  const listener = createServer({ noDelay: true }, (one) => {
    open.add(one.on("close", () => open.delete(one)));
    server.injectSocket(one);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const fingerprint = createHash("sha256").update(hostParsed.getPublicSSH()).digest("base64").replace(/=+$/, "");
  const cut = () => {
    for (const one of open) one.destroy();
  };
  return {
    ssh: { host: "127.0.0.1", port, user: "steward", key: userKey, hostKey: `SHA256:${fingerprint}` },
    logins: () => logins,
    cut,
    close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      cut();
      return closed;
    },
  };
}
