import { bandwidthDrift, keptBandwidth } from "../../analysis/bandwidth/limit.ts";
import type { GrantTarget } from "../../confirm/define-standing.ts";
import { StewardError } from "../../shared/errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Automation, AutomationContext } from "../automation/define.ts";
import { inspected } from "./find.ts";

/** One that has run so long, though without its limit, is well. How long earlier runs were no engine remembers. */
const well_ms = 3_600_000;
/** Nor is a limit that was set so long ago one of the same row of starts. */
const longAgo_ms = 24 * 3_600_000;

/** Sets an approved bandwidth limit again when its container was started anew. */
export const keepBandwidthLimit: Automation = {
  name: "keep_bandwidth_limit",
  says: "Set the bandwidth limit of a container again after it was started",
  mind: [
    "It sets the limit that stands now and no other; a limit that was ended or has come to its end is not set again.",
    "Until it has looked, up to a minute after the start, the container is not limited.",
    "After the starts in a row it waits until the container has run for an hour, or a day has gone by.",
  ],
  tool: "limit_bandwidth",
  steps: ["limit", "remember"],
  risk: "disruptive",
  kind: "container",
  usual: { max_per_day: 24, pause_s: 30, stop_after: 6 },
  async settings(targets, { systems }) {
    if (targets.some(({ name }) => name === "*"))
      throw new StewardError("bad_input", "A limit is kept for the containers that have it.", "Name them.");
    const wishes = targets.map((target) => {
      const kept = keptOf(target, systems);
      if (kept === undefined)
        throw new StewardError(
          "not_found",
          `${target.name} has no bandwidth limit now.`,
          "Set one first: limit_bandwidth.",
        );
      return JSON.stringify(wishOf(kept.wanted));
    });
    const [first = "{}"] = wishes;
    if (wishes.every((wish) => wish === first)) return JSON.parse(first);
    throw new StewardError("bad_input", "These containers have different limits.", "Allow it for one at a time.");
  },
  async due(grant, { systems, clock, signal }) {
    const looked = grant.targets.map(async (target) => {
      const kept = keptOf(target, systems);
      if (kept === undefined || (kept.until !== null && kept.until <= clock.now())) return [];
      const { host, name } = target;
      const container = await inspected(systems.docker.one(host).system, name, signal).catch(() => null);
      const limit = keptBandwidth.parse(JSON.parse(kept.wanted));
      if (container === null || bandwidthDrift(container, limit) === null) return [];
      const started_ms = Date.parse(container.State.StartedAt);
      const fresh = clock.now() - started_ms >= well_ms || started_ms - Date.parse(limit.started_at) >= longAgo_ms;
      return [{ host, name, input: { container: name, host, ...wishOf(kept.wanted) }, fresh }];
    });
    return (await Promise.all(looked)).flat();
  },
};

const keptOf = ({ host, name }: GrantTarget, { keptLimits }: AutomationContext["systems"]) =>
  keptLimits.of("bandwidth", host).find(({ container }) => container === name);

/** A kept limit as limit_bandwidth is asked for it. */
function wishOf(wanted: string): JsonObject {
  const { ingress_bits_per_s: ingress, egress_bits_per_s: egress } = keptBandwidth.parse(JSON.parse(wanted));
  return {
    ...(ingress !== null && { ingress_mbit_per_s: ingress / 1_000_000 }),
    ...(egress !== null && { egress_mbit_per_s: egress / 1_000_000 }),
  };
}
