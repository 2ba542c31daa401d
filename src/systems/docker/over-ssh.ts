import { Agent } from "node:http";
import { Duplex, PassThrough } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { StewardError } from "../../shared/errors.ts";
import type { SshLink } from "../ssh.ts";
import { lost, maxSessions, type SshSessions, sshSessions } from "../ssh-sessions.ts";

/** Opens each connection to the engine as a channel of one ssh connection. */
export function agentOver(
  link: SshLink,
  { socket, maxSockets, deadline_ms }: { socket: string; maxSockets: number; deadline_ms: number },
): Agent {
  const agent = new Agent({ maxSockets });
  const sessions = sshSessions(link, deadline_ms);
  const channel = async (): Promise<Duplex> => {
    const forwarded = await forwardedTo(socket);
    // Forwarded sockets do not count as sessions, commands do.
    agent.maxSockets = forwarded === null ? maxSessions : maxSockets;
    return forwarded ?? dialStdio(sessions, socket);
  };
  const forwardedTo = async (path: string): Promise<Duplex | null> => {
    const client = await link.connected();
    // sshd itself answers this, even for an engine that hangs: silence means that the connection is dead.
    const silent = setTimeout(() => link.drop(client), deadline_ms);
    try {
      return await forward(client, path);
    } catch (error) {
      throw error instanceof StewardError ? error : lost(error);
    } finally {
      clearTimeout(silent);
    }
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
async function dialStdio(sessions: SshSessions, socket: string): Promise<Duplex> {
  // It goes through the other side's shell: a path that would need quoting is not for this way.
  if (!/^\/[\w./-]+$/.test(socket)) throw neither();
  try {
    return await sessions.exec(`docker -H unix://${socket} system dial-stdio`, connectionOf);
  } catch (error) {
    // A login that may only forward.
    throw error instanceof StewardError && error.code === "refused" ? neither(error) : error;
  }
}

/** Ends only with its channel: how the command ended, said after its output's end, may be the reason for no answer. */
function connectionOf(channel: ClientChannel): Duplex {
  let answered = false;
  let code: number | null = null;
  const connection = new Duplex({
    read: () => void channel.resume(),
    write: (chunk, encoding, done) => void channel.write(chunk, encoding, done),
    final: (done) => void channel.end(done),
    destroy(error, done) {
      channel.destroy();
      // What still comes has to be read for the channel to close.
      channel.resume();
      done(error);
    },
  });
  channel.on("data", (chunk: Buffer) => {
    answered = true;
    if (!connection.push(chunk)) channel.pause();
  });
  channel.once("exit", (ended: number | null) => {
    code = ended;
  });
  channel.once("close", () => {
    if (answered || code === null || code === 0) connection.push(null);
    else connection.destroy(neither());
  });
  channel.on("error", (error: Error) => connection.destroy(error));
  channel.stderr.resume();
  // It may fail before anybody else listens.
  return connection.on("error", () => {});
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
