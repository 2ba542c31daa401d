import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Gate } from "../src/confirm/define.ts";
import { systemClock } from "../src/shared/clock.ts";
import { connectDocker } from "../src/systems/docker/index.ts";
import { fleet } from "../src/systems/fleet.ts";
import type { ToolContext } from "../src/tools/define.ts";
import { getContainerBandwidth } from "../src/tools/docker/get-container-bandwidth.ts";
import { type Figure, median, several, wallMs } from "./measure.ts";

const fake = fileURLToPath(new URL("./docker-fake.ts", import.meta.url));
const socket = z.object({ kind: z.literal("socket"), path: z.string() });
const window_s = 1;
const measured = z.object({ containers: z.array(z.looseObject({ reason: z.string().nullable() })) });

const none = (): never => {
  throw new Error("not in this bench");
};

/** One call over so many containers of a simulated engine, whole and without the window that it has to wait. */
async function oneCall(containers: number, runs: number, gate: Gate): Promise<number> {
  const child = fork(fake, [String(containers)]);
  try {
    const [answer] = await once(child, "message");
    const { reading } = connectDocker(socket.parse(answer));
    const context: ToolContext = {
      systems: {
        accounts: fleet("shell", [], none),
        cgroup: fleet("shell", [], none),
        network: fleet("shell", [], none),
        keptLimits: { of: () => [] },
        useHistory: { peak: () => null },
        docker: fleet("docker", ["bench"], () => reading),
        managers: {
          truenas: fleet("truenas", [], none),
          portainer: fleet("portainer", [], none),
          compose: fleet("compose", [], none),
        },
        files: fleet("shell", [], none),
        secretFiles: fleet("secrets_folder", [], none),
        smart: fleet("smart", [], none),
        diskMemory: { days: () => [], baseline: () => null },
        zfs: fleet("zfs", [], none),
      },
      settings: { bandwidthAlerts: [], update: { health_timeout_s: 60, settle_s: 5 } },
      clock: systemClock,
      signal: AbortSignal.timeout(120_000),
      gate,
      progress: () => {},
    };
    const call = () => getContainerBandwidth.call({ window_s }, context);
    const { containers: found } = measured.parse((await call()).structured);
    const missed = found.find(({ reason }) => reason !== null);
    if (missed || found.length === 0) throw new Error(`A container was not measured: ${missed?.reason}`);
    const times = await several(runs, () => wallMs(call));
    await reading.close();
    return median(times);
  } finally {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
}

/** Bandwidth of many containers in one call: how long, and whether ten times as many cost ten times as much. */
export async function measureBandwidth(runs: number, gate: Gate): Promise<Figure[]> {
  const window_ms = window_s * 1_000;
  const hundred = await oneCall(100, runs, gate);
  const thousand = await oneCall(1_000, runs, gate);
  const ratio = (thousand - window_ms) / (hundred - window_ms);
  return [
    { what: "bandwidth of 100 containers, 1 s window", value: hundred, unit: "ms", target: 1_500 },
    { what: "bandwidth of 1,000 containers, 1 s window", value: thousand, unit: "ms" },
    { what: "… work of 1,000 over that of 100 (linear: 10)", value: ratio, unit: "×", target: 15 },
  ];
}
