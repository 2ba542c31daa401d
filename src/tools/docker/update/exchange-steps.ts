import { z } from "zod";
import { asProblem, StewardError } from "../../../shared/errors.ts";
import type { Docker } from "../../../systems/docker/port.ts";
import { step } from "../../define.ts";
import { inspected } from "../find.ts";

const named = z.object({ host: z.string(), name: z.string() });
const exchange = named.extend({ fresh: z.string(), aside: z.string() });

/** While the old container lies aside it can come back; once it is gone, undoing would leave nothing at all. */
const canComeBack = async (docker: Docker, aside: string) => (await inspected(docker, aside)) !== null;

export const stop = step({
  args: named,
  async does({ host, name }, { changes }) {
    await changes.docker.one(host).system.stop(name);
    return {};
  },
  async undoes({ host, name }, _outcome, { changes }) {
    await changes.docker.one(host).system.start(name);
  },
});

export const setAside = step({
  args: exchange,
  async does({ host, name, aside }, { changes }) {
    await changes.docker.one(host).system.rename(name, aside);
    return {};
  },
  async undoes({ host, name, aside }, _outcome, { changes, systems }) {
    if (await canComeBack(systems.docker.one(host).system, aside))
      await changes.docker.one(host).system.rename(aside, name);
  },
});

export const takeName = step({
  args: exchange,
  async does({ host, name, fresh }, { changes }) {
    await changes.docker.one(host).system.rename(fresh, name);
    return {};
  },
  async undoes({ host, name, fresh, aside }, _outcome, { changes, systems }) {
    const docker = systems.docker.one(host).system;
    if (!(await canComeBack(docker, aside)) || (await inspected(docker, name)) === null) return;
    await changes.docker.one(host).system.rename(name, fresh);
  },
});

/**
 * From here on the old container stays down whatever happens: an engine that restarts would start it again beside the
 * new one, on the same volumes. Until here it may come back by itself, which is better than nothing running.
 */
export const start = step({
  args: exchange.extend({ comes_back: z.record(z.string(), z.json()).nullable() }),
  async does({ host, name, aside, comes_back }, { changes }) {
    const change = changes.docker.one(host).system;
    if (comes_back !== null) await change.restartPolicy(aside, { Name: "no" });
    await change.start(name);
    return {};
  },
  async undoes({ host, name, aside, comes_back }, _outcome, { changes, systems }) {
    const docker = systems.docker.one(host).system;
    const change = changes.docker.one(host).system;
    if (!(await canComeBack(docker, aside))) return;
    if ((await inspected(docker, name)) !== null) await change.stop(name);
    if (comes_back !== null) await change.restartPolicy(aside, comes_back);
  },
});

/** The last step: a container that won't go is no reason to take a good update back. */
export const removeOld = step({
  args: named.extend({ aside: z.string() }),
  async does({ host, name, aside }, { changes, systems, say }) {
    const docker = systems.docker.one(host).system;
    if ((await inspected(docker, name)) === null)
      throw new StewardError(
        "conflict",
        `No container is called ${name} any more.`,
        "Look at it; the old one is kept.",
      );
    try {
      const old = await inspected(docker, aside);
      if (old?.State.Running) await changes.docker.one(host).system.stop(aside);
      if (old !== null) await changes.docker.one(host).system.remove(aside);
      return { removed: true };
    } catch (error) {
      say(`The old container stays as ${aside}. ${asProblem(error).message}`);
      return { removed: false };
    }
  },
  async undoes() {},
});
