import { spawn } from "node:child_process";
import { type SshServer, startSshServer } from "../../support/ssh-server.ts";

/** sshd's own default. */
const maxSessions = 10;

/** An sshd that runs commands through /bin/sh, as sshd does: signals go to the command, closing closes its pipes. */
export function startExecServer(): Promise<SshServer> {
  return startSshServer((client) => {
    let sessions = 0;
    client.on("session", (accept, reject) => {
      if (sessions === maxSessions) return reject();
      sessions += 1;
      const session = accept();
      session.on("exec", (take, _, { command }) => {
        const channel = take();
        const child = spawn("/bin/sh", ["-c", command], { stdio: ["pipe", "pipe", "pipe"], detached: true });
        const signal = (name: NodeJS.Signals) =>
          child.pid !== undefined && child.exitCode === null && kill(child.pid, name);
        session.on("signal", (accepted, __, { name }) => {
          accepted?.();
          if (name === "TERM") signal("SIGTERM");
        });
        child.stdin.on("error", () => {});
        channel.pipe(child.stdin);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        channel.on("close", () => {
          child.stdout.destroy();
          child.stderr.destroy();
        });
        child.on("close", (code, name) => {
          sessions -= 1;
          if (code !== null) channel.exit(code);
          else channel.exit((name ?? "SIGTERM").slice(3), false, "");
          channel.end();
        });
      });
    });
  });
}

function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
