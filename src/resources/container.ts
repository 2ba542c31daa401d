import { details } from "../analysis/containers/details.ts";
import { ownName } from "../analysis/containers/names.ts";
import { asJsonObject } from "../shared/json.ts";
import { networkOwnerName } from "../tools/docker/read-containers.ts";
import { readFacts } from "../tools/docker/read-facts.ts";
import type { Resource } from "./define.ts";
import { hostsStarting } from "./hosts.ts";

/** One container with everything list_containers knows of it. */
export const containerResource: Resource = {
  name: "container",
  title: "One container",
  description: "One container in full: state, image and digest, ports, mounts, limits, who manages it, problems.",
  template: "containers://{host}/{container}",
  needs: ["docker"],
  async list({ systems, signal }) {
    const answers = await systems.docker.each((docker) => docker.list(signal));
    return answers.flatMap((answer) =>
      answer.ok
        ? answer.value.map(({ Names }) => ({
            uri: `containers://${answer.host}/${ownName(Names)}`,
            name: `${ownName(Names)} on ${answer.host}`,
          }))
        : [],
    );
  },
  complete: {
    host: hostsStarting,
    async container(typed, { host }, { systems, signal }) {
      const answers = await systems.docker.each((docker) => docker.list(signal), host);
      const names = answers.flatMap((answer) => (answer.ok ? answer.value.map(({ Names }) => ownName(Names)) : []));
      return [...new Set(names)].filter((name) => name.startsWith(typed)).sort();
    },
  },
  async read({ host, container = "" }, context) {
    const { systems, signal } = context;
    const { system, host: named } = systems.docker.one(host);
    const found = await system.inspect(container, signal);
    const image = await system.image(found.Image, signal).catch(() => undefined);
    const owner = await networkOwnerName(system, found, signal);
    const [seen] = await readFacts(named, [found], context);
    return asJsonObject({ host: named, ...seen?.facts, details: details(found, image, owner) });
  },
};
