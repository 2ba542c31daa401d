import { Agent } from "node:http";
import { type Duplex, PassThrough } from "node:stream";
import type { Client } from "ssh2";
import { StewardError } from "../../shared/errors.ts";
import type { SshLink } from "../ssh.ts";

/** sshd's MaxSessions is 10; forwarded sockets do not count, commands do. */
const maxCommands = 8;
const connectFailed = 2;

/** Opens each connection to the engine as a channel of one ssh connection. */
export function agentOver(
  link: SshLink,
  { socket, maxSockets, deadline_ms }: { socket: string; maxSockets: number; deadline_ms: number },
): Agent {
  const agent = new Agent({ maxSockets });
  let forbidden = false;
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
    if (!forbidden) {
      const forwarded = await forward(client, socket);
      if (forwarded !== "forbidden") return forwarded;
      forbidden = true;
      agent.maxSockets = maxCommands;
    }
    return dialStdio(client, socket);
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

/** ~50 ms, and no docker command is needed on the other side. */
function forward(client: Client, socket: string): Promise<Duplex | "forbidden"> {
  return new Promise((resolve, reject) => {
    client.openssh_forwardOutStreamLocal(socket, (error, stream) => {
      if (error === undefined) return resolve(stream);
      // sshd's own no carries a reason (RFC 4254, section 5.1); a lost connection has none.
      const reason = "reason" in error ? error.reason : undefined;
      if (reason === undefined) return reject(error);
      if (reason !== connectFailed) return resolve("forbidden");
      reject(
        new StewardError(
          "unreachable",
          "The sshd of that machine could not open Docker's socket there.",
          "Check docker.socket, that Docker runs, and that the ssh user may open it (sudo usermod -aG docker USER there).",
          { cause: error },
        ),
      );
    });
  });
}

/** Where sshd forbids forwarding: docker's own command, ten times slower. */
function dialStdio(client: Client, socket: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // It goes through the other side's shell: a path that would need quoting is not for this way.
    if (!/^\/[\w./-]+$/.test(socket)) return reject(neither());
    client.exec(`docker -H unix://${socket} system dial-stdio`, (error, channel) => {
      if (error !== undefined) return reject(neither(error));
      channel.once("exit", (code: number | null) => {
        if (code !== 0) channel.emit("error", neither());
      });
      resolve(channel);
    });
  });
}

function neither(cause?: Error): StewardError {
  return new StewardError(
    "refused",
    "The sshd of that machine forbids forwarding Docker's socket, and docker's own command there does not work either.",
    "Set AllowStreamLocalForwarding yes in its sshd_config, or install the docker command for the ssh user.",
    { cause },
  );
}

function lost(cause: unknown): StewardError {
  const fix = "Try again: the next call connects anew. Check the machine and its network if that fails.";
  return new StewardError("unreachable", "The ssh connection to that machine was lost.", fix, { cause });
}
