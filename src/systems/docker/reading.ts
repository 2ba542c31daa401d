import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { Engine } from "./engine.ts";
import { lifeOf } from "./life.ts";
import { logReader } from "./logs.ts";
import { safeImage, safeName, tagged } from "./names.ts";
import type { Docker, EngineInfo, LifeMemory } from "./port.ts";
import { containerInspected, containerListed, imageInspected } from "./shapes.ts";

/** An engine with this label is part of a demo, and says so. */
const simulated = "home-steward.simulated=true";

const infoShape = z.looseObject({
  OperatingSystem: z.string(),
  Driver: z.string(),
  CgroupVersion: z.string().optional(),
  NCPU: z.number(),
  MemTotal: z.number(),
  Swarm: z.looseObject({ LocalNodeState: z.string() }).optional(),
  Labels: z.array(z.string()).nullish(),
  SecurityOptions: z.array(z.string()).nullish(),
});
const counters = z.looseObject({ rx_bytes: z.number(), tx_bytes: z.number() });
const statsShape = z.looseObject({ read: z.string(), networks: z.record(z.string(), counters).nullish() });
const useShape = z.looseObject({
  read: z.string(),
  cpu_stats: z.looseObject({ cpu_usage: z.looseObject({ total_usage: z.number() }) }),
  memory_stats: z.looseObject({
    usage: z.number().optional(),
    stats: z
      .looseObject({ inactive_file: z.number().optional(), total_inactive_file: z.number().optional() })
      .nullish(),
  }),
});
const topShape = z.looseObject({ Titles: z.array(z.string()), Processes: z.array(z.array(z.string())).nullish() });
const distributionShape = z.looseObject({
  Descriptor: z.looseObject({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }),
});

/** What only reads of an engine. */
export function reading(engine: Engine, memory: LifeMemory): Docker {
  const deadline_ms = engine.deadlines.read_ms;

  const inspect: Docker["inspect"] = async (container, signal) => {
    const path = `/containers/${safeName(container)}/json`;
    const found = await engine.json({ path, signal, deadline_ms }, containerInspected);
    // Engines also take the beginning of an id: "cafe" must not become some container whose id starts so.
    if (found.Name === `/${container}` || (container.length >= 12 && found.Id.startsWith(container))) return found;
    throw new StewardError("not_found", "Docker knows no container of that name.", "List the containers.");
  };

  async function stats<T extends { read: string }>(container: string, shape: z.ZodType<T>, signal?: AbortSignal) {
    const path = `/containers/${safeName(container)}/stats`;
    const query = { stream: false, "one-shot": true };
    const sample = await engine.json({ path, query, signal, deadline_ms }, shape);
    if (sample.read.startsWith("0001-"))
      throw new StewardError("conflict", "The container is not running, so it has no counters.", "Start it first.");
    return sample;
  }

  return {
    inspect,
    async info(signal): Promise<EngineInfo> {
      const [agreed, info] = await Promise.all([
        engine.version(),
        engine.json({ path: "/info", signal, deadline_ms }, infoShape),
      ]);
      return {
        version: agreed.engine,
        api_version: agreed.api,
        os: info.OperatingSystem,
        cgroup_version: info.CgroupVersion === "2" ? 2 : 1,
        cpus: info.NCPU,
        memory_bytes: info.MemTotal,
        storage_driver: info.Driver,
        swarm: info.Swarm?.LocalNodeState === "active",
        // "name=seccomp,profile=builtin"
        security_options: (info.SecurityOptions ?? []).flatMap((option) => /^name=([a-z-]+)/.exec(option)?.[1] ?? []),
        real: !info.Labels?.includes(simulated),
      };
    },
    list: (signal) =>
      engine.json({ path: "/containers/json", query: { all: true }, signal, deadline_ms }, z.array(containerListed)),
    image: (reference, signal) =>
      engine.json({ path: `/images/${safeImage(reference)}/json`, signal, deadline_ms }, imageInspected),
    async remoteDigest(reference, signal) {
      const path = `/distribution/${safeImage(tagged(reference))}/json`;
      return (await engine.json({ path, signal, deadline_ms }, distributionShape)).Descriptor.digest;
    },
    async logs(container, { tail, since }, signal) {
      // Only the container says whether its stream is framed: engines before 23 send no telling content type.
      const { Id, Config } = await inspect(container, signal);
      const lines = logReader(Config.Tty === true);
      const query = { stdout: true, stderr: true, timestamps: true, tail, ...(since === undefined ? {} : { since }) };
      await engine.stream({ path: `/containers/${Id}/logs`, query, signal, deadline_ms }, lines.take);
      return lines.end();
    },
    async network(container, signal) {
      const { read, networks } = await stats(container, statsShape, signal);
      if (!networks)
        throw new StewardError(
          "unsupported",
          "The container has no network counters of its own.",
          "Look at its network mode: host and none have none.",
        );
      const sum = (of: "rx_bytes" | "tx_bytes") => Object.values(networks).reduce((total, one) => total + one[of], 0);
      return { rx_bytes: sum("rx_bytes"), tx_bytes: sum("tx_bytes"), read_at_ms: Date.parse(read) };
    },
    async use(container, signal) {
      const { read, cpu_stats, memory_stats } = await stats(container, useShape, signal);
      const { usage, stats: parts } = memory_stats;
      if (usage === undefined)
        throw new StewardError("unsupported", "The engine counts no memory.", "Switch on its memory cgroup.");
      // As docker stats counts: v1 has the whole tree in total_*.
      const spare = parts?.total_inactive_file ?? parts?.inactive_file ?? 0;
      return {
        memory_bytes: Math.max(0, usage - spare),
        cpu_ns: cpu_stats.cpu_usage.total_usage,
        read_at_ms: Date.parse(read),
      };
    },
    async processes(container, signal) {
      const path = `/containers/${safeName(container)}/top`;
      const query = { ps_args: "-eo pid,uid" };
      const { Titles, Processes } = await engine.json({ path, query, signal, deadline_ms }, topShape);
      const [pid, uid] = [Titles.indexOf("PID"), Titles.indexOf("UID")];
      const rows = (Processes ?? []).map((row) => ({ pid: Number(row[pid]), uid: Number(row[uid]) }));
      if (rows.every((row) => Number.isSafeInteger(row.pid) && Number.isSafeInteger(row.uid))) return rows;
      throw new StewardError("unsupported", "The engine does not tell the users of processes.", "Go on without them.");
    },
    life: (ended, signal) => lifeOf(engine, ended, memory, signal),
    close: engine.close,
  };
}
