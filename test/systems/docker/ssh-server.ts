import { createConnection } from "node:net";
import type { DockerConnection } from "../../../src/systems/docker/port.ts";
import { type SshServer as Server, startSshServer as start } from "../../support/ssh-server.ts";

/** An sshd that forwards to unix sockets. */
export interface SshServer extends Omit<Server, "ssh"> {
  connection: Extract<DockerConnection, { kind: "ssh" }>;
}

export async function startSshServer(
  socket: string,
  options: { forwards: boolean } = { forwards: true },
): Promise<SshServer> {
  const { ssh, ...server } = await start((client) => {
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
      accept().on("exec", (take, refuse, { command }) => {
        if (command !== `docker -H unix://${socket} system dial-stdio`) return refuse();
        const onward = createConnection(socket);
        const channel = take();
        onward.pipe(channel).pipe(onward);
        onward.once("error", () => {
          // As sshd does: it passes on that the output ended before it has reaped the command. ssh2 sends no exit any more then.
          channel.eof();
          setTimeout(() => {
            if ("outgoing" in channel) Object.assign(Object(channel.outgoing), { state: "open" });
            channel.exit(1);
            channel.close();
          }, 50);
        });
        channel.on("close", () => onward.destroy());
      });
    });
  });
  return { ...server, connection: { kind: "ssh", ssh, socket } };
}
