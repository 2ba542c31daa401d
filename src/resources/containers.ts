import { ownName } from "../analysis/containers/names.ts";
import { eachLimited } from "../shared/concurrency.ts";
import { asJsonObject } from "../shared/json.ts";
import { readFacts } from "../tools/docker/read-facts.ts";
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
    // One that goes away while the others are read must not take the answer with it.
    const found = await eachLimited(listed, 16, ({ Id }) => system.inspect(Id, signal).catch(() => null));
    const there = found.filter((one) => one !== null);
    const seen = new Map((await readFacts(named, there, context)).map(({ container, facts }) => [container.Id, facts]));
    const containers = listed.map(({ Id, Names }) => seen.get(Id) ?? { name: ownName(Names), state: "gone" });
    return asJsonObject({ host: named, containers });
  },
};
