import { ownName } from "../analysis/containers/names.ts";
import { eachLimited } from "../shared/concurrency.ts";
import { asJsonObject } from "../shared/json.ts";
import { factsOf } from "../tools/docker/read-facts.ts";
import type { Resource } from "./define.ts";
import { hostsStarting } from "./hosts.ts";

/** All containers of one host, in short. */
export const containersResource: Resource = {
  name: "containers",
  title: "Containers of a host",
  description: "Every container of one host in short: state, health, restarts, image, who manages it, problems.",
  template: "containers://{host}",
  needs: ["docker"],
  async list({ systems }) {
    return systems.docker.hosts.map((host) => ({ uri: `containers://${host}`, name: `Containers on ${host}` }));
  },
  complete: { host: hostsStarting },
  async read({ host }, context) {
    const { systems, signal } = context;
    const { system, host: named } = systems.docker.one(host);
    const listed = await system.list(signal);
    const facts = factsOf(named, context);
    const containers = await eachLimited(listed, 16, async ({ Id, Names }) => {
      // One that goes away while the others are read must not take the answer with it.
      const found = await system.inspect(Id, signal).catch(() => null);
      return found === null ? { name: ownName(Names), state: "gone" } : facts(found);
    });
    return asJsonObject({ host: named, containers });
  },
};
