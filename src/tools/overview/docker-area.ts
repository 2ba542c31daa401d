import { describe } from "../../analysis/containers/describe.ts";
import { dockerCounts, dockerFindings } from "../../analysis/overview/docker.ts";
import { readContainers } from "../docker/read-containers.ts";
import type { Area } from "./area.ts";

export const dockerArea: Area = {
  name: "docker",
  needs: "docker",
  look: ({ systems, clock, signal }) =>
    systems.docker.each(async (docker, host) => {
      const containers = await readContainers(docker, { signal });
      const facts = containers.map((container) => describe(container, clock.now()));
      return { findings: dockerFindings(host, facts), counts: dockerCounts(facts) };
    }),
};
