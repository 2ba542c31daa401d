import { existsSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import type { Place } from "./config/folders.ts";
import type { HostConfig } from "./config/schema.ts";

/** What is on this machine that Home Steward knows. */
export interface Found {
  /** Ready to be used. */
  hosts: HostConfig[];
  /** In plain words: "Docker at /var/run/docker.sock". */
  words: string[];
}

const answerMs = 1_000;
const upsdPort = 3493;

/** Looks for a Docker socket that answers, ZFS, smartmontools and a UPS daemon on loopback. Changes and asks nothing else. */
export async function discover({ env, platform, home }: Place): Promise<Found> {
  const sockets = dockerSockets({ env, platform, home });
  const [answers, ups] = await Promise.all([
    Promise.all(sockets.map((path) => answersAt({ path }))),
    answersAt({ host: "127.0.0.1", port: upsdPort }),
  ]);
  const socket = sockets.find((_, index) => answers[index]);
  const programs = [
    ["zpool", "ZFS (zpool)"],
    ["smartctl", "disk health (smartctl)"],
  ] as const;
  const installed = programs.filter(([program]) => onPath(program, env, platform));
  const words = [
    ...(socket ? [`Docker at ${socket}`] : []),
    ...installed.map(([, say]) => say),
    ...(ups ? [`a UPS daemon on port ${upsdPort}: used from a later version`] : []),
  ];
  if (socket === undefined && installed.length === 0) return { hosts: [], words };
  const host: HostConfig = {
    name: "this-machine",
    ...(installed.length > 0 && { shell: "local" }),
    ...(socket !== undefined && { docker: { socket } }),
  };
  return { hosts: [host], words };
}

function dockerSockets({ env, platform, home }: Place): string[] {
  if (platform === "win32") return ["\\\\.\\pipe\\docker_engine"];
  const runtime = env.XDG_RUNTIME_DIR;
  return [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(home, ".docker", "run", "docker.sock"),
  ];
}

function answersAt(where: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(where);
    const done = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(answerMs, () => done(false));
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}

function onPath(program: string, env: Place["env"], platform: NodeJS.Platform): boolean {
  // Where an ordinary user's PATH does not reach, but these two live.
  const windows = platform === "win32";
  const folders = [...(env.PATH ?? "").split(delimiter), ...(windows ? [] : ["/usr/sbin", "/sbin"])];
  const file = windows ? `${program}.exe` : program;
  return folders.some((folder) => folder !== "" && existsSync(join(folder, file)));
}
