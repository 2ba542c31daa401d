import { bandwidthDrift, keptBandwidth } from "../../analysis/bandwidth/limit.ts";
import { type ContainerFacts, describe } from "../../analysis/containers/describe.ts";
import { keptQuota, quotaDrift } from "../../analysis/quotas/kept.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { ToolContext } from "../define.ts";
import { readCircumstances } from "./read-circumstances.ts";

/**
 * What containers of one host are and how they are, in their order: with how they ended, what they need and is not there,
 * and approved limits that got lost among their problems.
 */
export async function readFacts(
  host: string,
  containers: readonly ContainerInspected[],
  { systems, clock, signal }: Pick<ToolContext, "systems" | "clock" | "signal">,
): Promise<{ container: ContainerInspected; facts: ContainerFacts }[]> {
  const around = await readCircumstances(systems.docker.one(host).system, containers, signal);
  const quotas = kept(systems, "quota", host);
  const bandwidths = kept(systems, "bandwidth", host);
  return containers.map((container) => {
    const facts = describe(container, clock.now(), around.get(container.Id));
    const quota = quotas.get(facts.name);
    const bandwidth = bandwidths.get(facts.name);
    const lost = [
      quota === undefined ? null : quotaDrift(container, keptQuota.parse(JSON.parse(quota))),
      bandwidth === undefined ? null : bandwidthDrift(container, keptBandwidth.parse(JSON.parse(bandwidth))),
    ];
    const problems = [...facts.problems, ...lost.filter((problem) => problem !== null)];
    return { container, facts: { ...facts, problems } };
  });
}

/** None where the store can't be read: containers are looked at all the same. */
function kept({ keptLimits }: ToolContext["systems"], kind: "quota" | "bandwidth", host: string): Map<string, string> {
  try {
    return new Map(keptLimits.of(kind, host).map(({ container, wanted }) => [container, wanted]));
  } catch {
    return new Map();
  }
}
