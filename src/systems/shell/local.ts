import { spawn } from "node:child_process";
import { constants } from "node:os";
import { environment, type Runner, type Running } from "./runner.ts";

/** This machine: programs without any shell in between. */
export function localRunner(): Runner {
  const under = new Set<Running>();
  return {
    name: "this machine",
    root: process.getuid?.() === 0,
    async start(argv, signal, _limit_ms, input) {
      signal.throwIfAborted();
      const running = started(argv, input);
      under.add(running);
      running.exit.catch(() => {}).finally(() => under.delete(running));
      return running;
    },
    async close() {
      for (const running of under) running.stop(new Error("The shell was closed."));
    },
  };
}

function started([program = "", ...args]: readonly string[], input: Uint8Array | undefined): Running {
  const { promise: exit, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(program, args, { env: { ...environment }, cwd: "/", stdio: ["pipe", "pipe", "pipe"] });
  // It may be stopped before anybody listens.
  exit.catch(() => {});
  for (const stream of [child.stdout, child.stderr]) stream.on("error", () => {});
  // A program may end before it has read all.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  child.on("error", (error) => {
    if (!("code" in error)) return reject(error);
    if (error.code === "ENOENT") return resolve(127);
    if (error.code === "EACCES") return resolve(126);
    // A signal can fail, too: sudo, which runs as root, can't be signalled. It ends at its closed pipes.
    if (child.pid === undefined) reject(error);
  });
  child.once("exit", (code, name) => resolve(code ?? 128 + (name === null ? 0 : constants.signals[name])));
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    exit,
    stop(reason) {
      reject(reason);
      child.kill();
      // Also after its end: something it started may hold its pipes open for ever.
      const cause = reason instanceof Error ? reason : new Error("It was stopped.", { cause: reason });
      for (const stream of [child.stdout, child.stderr]) stream.destroy(cause);
    },
  };
}
