import { dockerCounts, dockerFindings } from "../../analysis/overview/docker.ts";
import type { Gate } from "../../confirm/define.ts";
import { readContainers } from "../docker/read-containers.ts";
import { readFacts } from "../docker/read-facts.ts";
import type { Area } from "./area.ts";

export const dockerArea: Area = {
  name: "docker",
  needs: "docker",
  look: (context) =>
    context.systems.docker.each(async (docker, host) => {
      const containers = await readContainers(docker, { signal: context.signal });
      const facts = (await readFacts(host, containers, context)).map((seen) => seen.facts);
      const leftAlone = leftAloneOn(host, context.gate);
      return { findings: dockerFindings(host, facts, leftAlone), counts: dockerCounts(facts) };
    }),
};

/** Containers on which an automation has given up; none where the gate can't read its store. */
function leftAloneOn(host: string, gate: Gate): string[] {
  try {
    const stopped = gate.grants().flatMap(({ state, stopped_for }) => (state === "active" ? stopped_for : []));
    return stopped.filter((target) => target.kind === "container" && target.host === host).map(({ name }) => name);
  } catch {
    return [];
  }
}
