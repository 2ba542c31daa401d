import { Agent } from "node:http";
import { type Duplex, PassThrough } from "node:stream";
import type { Client } from "ssh2";
import { StewardError } from "../../shared/errors.ts";
import type { SshLink } from "../ssh.ts";

/** sshd's MaxSessions is 10; forwarded sockets do not count, commands do. */
const maxCommands = 8;

/** Opens each connection to the engine as a channel of one ssh connection. */
export function agentOver(
  link: SshLink,
  { socket, maxSockets, deadline_ms }: { socket: string; maxSockets: number; deadline_ms: number },
): Agent {
  const agent = new Agent({ maxSockets });
  const channel = async (): Promise<Duplex> => {
    const client = await link.connected();
    // sshd itself answers this, even for an engine that hangs: silence means that the connection is dead.
    const silent = setTimeout(() => link.drop(client), deadline_ms);
    try {
      return await opened(client);
    } catch (error) {
      throw error instanceof StewardError ? error : lost(error);
    } finally {
      clearTimeout(silent);
    }
  };
  const opened = async (client: Client): Promise<Duplex> => {
    const forwarded = await forward(client, socket);
    agent.maxSockets = forwarded === null ? maxCommands : maxSockets;
    return forwarded ?? dialStdio(client, socket);
  };
  agent.createConnection = (_, callback) => {
    channel().then(
      (stream) => callback?.(null, stream),
      (error) => callback?.(error, new PassThrough().destroy()),
    );
    return undefined;
  };
  return agent;
}

/**
 * ~50 ms, and no docker command is needed on the other side. Null where sshd says no: it gives the same reason for a
 * socket that is not there, one its user may not open, and forwarding that is switched off.
 */
function forward(client: Client, socket: string): Promise<Duplex | null> {
  return new Promise((resolve, reject) => {
    client.openssh_forwardOutStreamLocal(socket, (error, stream) => {
      if (error === undefined) resolve(stream);
      else if ("reason" in error) resolve(null);
      else reject(error);
    });
  });
}

/** Docker's own command, ten times slower: for where forwarding is switched off. */
function dialStdio(client: Client, socket: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // It goes through the other side's shell: a path that would need quoting is not for this way.
    if (!/^\/[\w./-]+$/.test(socket)) return reject(neither());
    client.exec(`docker -H unix://${socket} system dial-stdio`, (error, channel) => {
      if (error !== undefined) return reject(neither(error));
      channel.stderr.resume();
      // The command may have failed before anybody else listens.
      channel.on("error", () => {});
      channel.once("exit", (code: number | null) => {
        if (code !== 0) channel.emit("error", neither());
      });
      resolve(channel);
    });
  });
}

function neither(cause?: Error): StewardError {
  return new StewardError(
    "unreachable",
    "The sshd of that machine did not open Docker's socket, and docker's own command there did not either.",
    "Check there that Docker runs, docker.socket, that the ssh user may open it (sudo usermod -aG docker USER), and " +
      "AllowStreamLocalForwarding in sshd_config.",
    { cause },
  );
}

function lost(cause: unknown): StewardError {
  const fix = "Try again: the next call connects anew. Check the machine and its network if that fails.";
  return new StewardError("unreachable", "The ssh connection to that machine was lost.", fix, { cause });
}
