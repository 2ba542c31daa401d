import { createHash } from "node:crypto";
import { createConnection, createServer, type Socket } from "node:net";
import ssh2 from "ssh2";
import type { DockerConnection } from "../../../src/systems/docker/port.ts";

/** An sshd of a few lines that forwards to unix sockets, for tests that run anywhere. */
export interface SshServer {
  connection: Extract<DockerConnection, { kind: "ssh" }>;
  /** Logins so far. */
  logins(): number;
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

const newKey = () => ssh2.utils.generateKeyPairSync("ed25519").private;

export async function startSshServer(
  socket: string,
  options: { forwards: boolean } = { forwards: true },
): Promise<SshServer> {
  const [hostKey, userKey] = [newKey(), newKey()];
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
      client.on("openssh.streamlocal", (accept, reject, { socketPath }) => {
        if (!options.forwards) return reject();
        const onward = createConnection(socketPath);
        onward.once("error", () => reject());
        onward.once("connect", () => {
          const channel = accept();
          onward.pipe(channel).pipe(onward);
          channel.on("close", () => onward.destroy());
        });
      });
      client.on("session", (accept) => {
        const session = accept();
        session.on("exec", (take, refuse, { command }) => {
          if (command !== `docker -H unix://${socket} system dial-stdio`) return refuse();
          const onward = createConnection(socket);
          const channel = take();
          onward.pipe(channel).pipe(onward);
          onward.once("error", () => {
            channel.exit(1);
            channel.end();
          });
          channel.on("close", () => onward.destroy());
        });
      });
    });
  });
  const listener = createServer((one) => {
    open.add(one.on("close", () => open.delete(one)));
    server.injectSocket(one);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const fingerprint = createHash("sha256").update(hostParsed.getPublicSSH()).digest("base64").replace(/=+$/, "");
  const ssh = {
    host: "127.0.0.1",
    port,
    user: "steward",
    key: userKey,
    hostKey: `SHA256:${fingerprint}`,
  };
  const cut = () => {
    for (const one of open) one.destroy();
  };
  return {
    connection: { kind: "ssh", ssh, socket },
    logins: () => logins,
    cut,
    close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      cut();
      return closed;
    },
  };
}
