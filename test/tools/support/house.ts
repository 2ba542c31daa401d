import type { Gate } from "../../../src/confirm/define.ts";
import { type DockerFake, type DockerFakeOptions, startDockerFake } from "../../../src/demo/docker/index.ts";
import { type Clock, systemClock } from "../../../src/shared/clock.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { connectDocker } from "../../../src/systems/docker/index.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Changes, Settings, Systems, ToolContext } from "../../../src/tools/define.ts";
import { tools } from "../../../src/tools/registry.ts";
import { noChanges, noSystems } from "../../support/no-systems.ts";

/** Simulated engines reached through the real adapter, and a way to call tools; nobody stands at the gate. */
export interface House {
  /** The engine of host "nas". */
  fake: DockerFake;
  systems: Systems;
  changes: Changes;
  context: ToolContext;
  call(tool: string, args?: object): Promise<{ structured: unknown; text: string }>;
  close(): Promise<void>;
}

const refusing = async (): Promise<never> => {
  throw new StewardError("refused", "Nobody is at the gate of this test.", "Use a gate.");
};
export const noGate: Gate = {
  propose: refusing,
  apply: refusing,
  whereToApprove: refusing,
  get: () => {
    throw new StewardError("not_found", "There are no plans.", "Make one.");
  },
  pending: () => [],
  cancel: () => noGate.get(""),
  grants: () => [],
  revoke: () => {
    throw new StewardError("not_found", "There is no such standing approval.", "Grant one.");
  },
};

export async function openHouse(
  options: DockerFakeOptions & {
    settings?: Partial<Settings>;
    clock?: Clock;
    gate?: Gate;
    moreHosts?: Record<string, string>;
  } = {},
): Promise<House> {
  const { settings, clock = systemClock, gate = noGate, moreHosts = {}, ...face } = options;
  const fake = await startDockerFake({ pull_ms: 5, health_after_ms: 0, ...face });
  const engines = new Map([["nas", connectDocker(fake.connection)]]);
  for (const [host, path] of Object.entries(moreHosts)) engines.set(host, connectDocker({ kind: "socket", path }));
  const at = (host: string) => {
    const engine = engines.get(host);
    if (engine === undefined) throw new Error(`no engine ${host}`);
    return engine;
  };
  const hosts = [...engines.keys()];
  const systems: Systems = { ...noSystems, docker: fleet("docker", hosts, (host) => at(host).reading) };
  const context: ToolContext = {
    systems,
    settings: { bandwidthAlerts: [], update: { health_timeout_s: 5, settle_s: 0 }, ...settings },
    clock,
    signal: new AbortController().signal,
    gate,
    progress: () => {},
  };
  return {
    fake,
    systems,
    changes: { ...noChanges, docker: fleet("docker", hosts, (host) => at(host).changing) },
    context,
    async call(name, args = {}) {
      const tool = tools.find((one) => one.name === name);
      if (tool === undefined) throw new Error(`There is no tool ${name}.`);
      return tool.call(args, context);
    },
    async close() {
      for (const { reading } of engines.values()) await reading.close();
      await fake.close();
    },
  };
}
