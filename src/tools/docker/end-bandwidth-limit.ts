import type { Automation } from "../automation/define.ts";

/** Takes a bandwidth limit off when its time is over. limit_bandwidth asks for it together with the limit itself. */
export const endBandwidthLimit: Automation = {
  name: "end_bandwidth_limit",
  says: "Take the bandwidth limit off when its time is over",
  mind: ["A limit that was set without an end is left alone."],
  tool: "limit_bandwidth",
  steps: ["unlimit", "forget"],
  risk: "reversible",
  kind: "container",
  usual: { max_per_day: 24, pause_s: 60, stop_after: 12 },
  settings: async () => ({ off: true }),
  async due(grant, { systems, clock }) {
    const hosts = [...new Set(grant.targets.map(({ host }) => host))];
    return hosts
      .flatMap((host) => systems.keptLimits.of("bandwidth", host))
      .filter(({ until }) => until !== null && until <= clock.now())
      .filter(({ host, container }) => grant.targets.some((one) => one.host === host && one.name === container))
      .map(({ host, container }) => ({ host, name: container, input: { container, host, off: true }, fresh: false }));
  },
};
