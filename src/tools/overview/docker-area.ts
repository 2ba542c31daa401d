import { dockerCounts, dockerFindings } from "../../analysis/overview/docker.ts";
import { readContainers } from "../docker/read-containers.ts";
import { factsOf } from "../docker/read-facts.ts";
import type { Area } from "./area.ts";

export const dockerArea: Area = {
  name: "docker",
  needs: "docker",
  look: (context) =>
    context.systems.docker.each(async (docker, host) => {
      const containers = await readContainers(docker, { signal: context.signal });
      const facts = containers.map(factsOf(host, context));
      return { findings: dockerFindings(host, facts), counts: dockerCounts(facts) };
    }),
};
