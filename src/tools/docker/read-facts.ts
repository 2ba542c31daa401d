import { bandwidthDrift, keptBandwidth } from "../../analysis/bandwidth/limit.ts";
import { type ContainerFacts, describe } from "../../analysis/containers/describe.ts";
import { keptQuota, quotaDrift } from "../../analysis/quotas/kept.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { ToolContext } from "../define.ts";

/** What each container of one host is and how it is, with approved limits that got lost among its problems. */
export function factsOf(
  host: string,
  { systems, clock }: Pick<ToolContext, "systems" | "clock">,
): (container: ContainerInspected) => ContainerFacts {
  const quotas = kept(systems, "quota", host);
  const bandwidths = kept(systems, "bandwidth", host);
  return (container) => {
    const facts = describe(container, clock.now());
    const quota = quotas.get(facts.name);
    const bandwidth = bandwidths.get(facts.name);
    const lost = [
      quota === undefined ? null : quotaDrift(container, keptQuota.parse(JSON.parse(quota))),
      bandwidth === undefined ? null : bandwidthDrift(container, keptBandwidth.parse(JSON.parse(bandwidth))),
    ];
    return { ...facts, problems: [...facts.problems, ...lost.filter((problem) => problem !== null)] };
  };
}

/** None where the store can't be read: containers are looked at all the same. */
function kept({ keptLimits }: ToolContext["systems"], kind: "quota" | "bandwidth", host: string): Map<string, string> {
  try {
    return new Map(keptLimits.of(kind, host).map(({ container, wanted }) => [container, wanted]));
  } catch {
    return new Map();
  }
}
