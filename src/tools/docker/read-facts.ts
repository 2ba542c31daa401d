import { type ContainerFacts, describe } from "../../analysis/containers/describe.ts";
import { keptQuota, quotaDrift } from "../../analysis/quotas/kept.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { ToolContext } from "../define.ts";

/** What each container of one host is and how it is, with approved limits that got lost among its problems. */
export function factsOf(
  host: string,
  { systems, clock }: Pick<ToolContext, "systems" | "clock">,
): (container: ContainerInspected) => ContainerFacts {
  const kept = keptQuotas(systems.keptLimits, host);
  return (container) => {
    const facts = describe(container, clock.now());
    const quota = kept.get(facts.name);
    const drift = quota === undefined ? null : quotaDrift(container, quota);
    return drift === null ? facts : { ...facts, problems: [...facts.problems, drift] };
  };
}

/** None where the store can't be read: containers are looked at all the same. */
function keptQuotas(limits: ToolContext["systems"]["keptLimits"], host: string) {
  try {
    return new Map(
      limits.of("quota", host).map(({ container, wanted }) => [container, keptQuota.parse(JSON.parse(wanted))]),
    );
  } catch {
    return new Map<string, never>();
  }
}
