import { z } from "zod";
import { step } from "../../define.ts";

const rate = z.number().nullable();
const shaping = z.strictObject({ ingress_bits_per_s: rate, egress_bits_per_s: rate });

export const cableArgs = z.object({
  host: z.string(),
  name: z.string(),
  veth: z.string(),
  after: shaping,
  before: shaping,
});
const kept = z.object({ wanted: z.string(), until: z.number().nullable() });
export const noteArgs = z.object({
  host: z.string(),
  name: z.string(),
  /** Null forgets it. */
  after: kept.nullable(),
  before: kept.nullable(),
  for_ms: z.number().optional(),
});

const cable = step({
  args: cableArgs,
  async does({ host, veth, after }, { changes }) {
    await changes.network.one(host).system.shape(veth, after);
    return {};
  },
  async undoes({ host, veth, before }, _outcome, { changes }) {
    await changes.network.one(host).system.shape(veth, before);
  },
});

const note = step({
  args: noteArgs,
  async does({ host, name, after, for_ms }, { changes }) {
    if (after === null) changes.keptLimits.drop("bandwidth", host, name);
    else changes.keptLimits.put({ kind: "bandwidth", host, container: name, ...after }, for_ms);
    return {};
  },
  async undoes({ host, name, before }, _outcome, { changes }) {
    if (before === null) changes.keptLimits.drop("bandwidth", host, name);
    else changes.keptLimits.put({ kind: "bandwidth", host, container: name, ...before });
  },
});

/** Two names for each: a standing approval to take a limit off must not be one to set it. */
export const bandwidthSteps = { limit: cable, unlimit: cable, remember: note, forget: note };
