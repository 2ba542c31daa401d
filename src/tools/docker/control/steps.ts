import { z } from "zod";
import { step } from "../../define.ts";
import { inspected } from "../find.ts";
import { awaitProject } from "../managers/await-project.ts";
import { powerSteps } from "../managers/power-steps.ts";

const args = z.object({ host: z.string(), name: z.string(), was_running: z.boolean() });

const start = step({
  args,
  async does({ host, name }, { changes }) {
    await changes.docker.one(host).system.start(name);
    return {};
  },
  async undoes({ host, name, was_running }, _outcome, { changes }) {
    if (!was_running) await changes.docker.one(host).system.stop(name);
  },
});

const stop = step({
  args,
  async does({ host, name }, { changes }) {
    await changes.docker.one(host).system.stop(name);
    return {};
  },
  async undoes({ host, name, was_running }, _outcome, { changes }) {
    if (was_running) await changes.docker.one(host).system.start(name);
  },
});

const restart = step({
  args,
  async does({ host, name }, { changes }) {
    await changes.docker.one(host).system.restart(name);
    return {};
  },
  // A restart that got stuck halfway leaves it stopped.
  async undoes({ host, name, was_running }, _outcome, { changes, systems }) {
    const now = await inspected(systems.docker.one(host).system, name);
    if (was_running && now?.State.Running === false) await changes.docker.one(host).system.start(name);
  },
});

export const controlSteps = { start, stop, restart, ...powerSteps, await_project: awaitProject() };
