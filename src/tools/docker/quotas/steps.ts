import { z } from "zod";
import { step } from "../../define.ts";
import { awaitProject } from "../managers/await-project.ts";
import { define } from "../managers/define-step.ts";
import { deploy } from "../managers/deploy-step.ts";

const place = { host: z.string(), name: z.string(), container_id: z.string(), pid: z.number() };
const limits = z.strictObject({
  Memory: z.number().optional(),
  MemorySwap: z.number().optional(),
  NanoCpus: z.number().optional(),
  CpuPeriod: z.number().optional(),
  CpuQuota: z.number().optional(),
});
const rate = z.number().nullable();
const io = z.strictObject({ device: z.string(), read_bytes_per_s: rate, write_bytes_per_s: rate });

export const limitArgs = z.object({ ...place, after: limits, before: limits });
export const diskArgs = z.object({ ...place, after: io, before: io });

// By id, never by name: whoever has the name by then may be another container.
const limit = step({
  args: limitArgs,
  async does({ host, container_id, after }, { changes }) {
    await changes.docker.one(host).system.limit(container_id, after);
    return {};
  },
  async undoes({ host, container_id, before }, _outcome, { changes }) {
    await changes.docker.one(host).system.limit(container_id, before);
  },
});

const limitDisk = step({
  args: diskArgs,
  async does({ host, container_id, pid, after }, { changes }) {
    await changes.cgroup.one(host).system.limitIo({ container_id, pid }, after);
    return {};
  },
  async undoes({ host, container_id, pid, before }, _outcome, { changes }) {
    await changes.cgroup.one(host).system.limitIo({ container_id, pid }, before);
  },
});

export const rememberArgs = z.object({
  host: z.string(),
  name: z.string(),
  wanted: z.string(),
  before: z.string().nullable(),
});

const remember = step({
  args: rememberArgs,
  async does({ host, name, wanted }, { changes }) {
    changes.keptLimits.put({ kind: "quota", host, container: name, wanted, until: null });
    return {};
  },
  async undoes({ host, name, before }, _outcome, { changes }) {
    if (before === null) changes.keptLimits.drop("quota", host, name);
    else changes.keptLimits.put({ kind: "quota", host, container: name, wanted: before, until: null });
  },
});

const forget = step({
  args: z.object({ host: z.string(), name: z.string(), before: z.string() }),
  async does({ host, name }, { changes }) {
    changes.keptLimits.drop("quota", host, name);
    return {};
  },
  async undoes({ host, name, before }, _outcome, { changes }) {
    changes.keptLimits.put({ kind: "quota", host, container: name, wanted: before, until: null });
  },
});

export const quotaSteps = {
  limit,
  limit_disk: limitDisk,
  remember,
  forget,
  define,
  deploy,
  await_project: awaitProject(),
};
