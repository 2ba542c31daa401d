import { missingDependencies } from "../../analysis/containers/dependencies.ts";
import { endingOf, ranFor } from "../../analysis/containers/ending.ts";
import { managedBy } from "../../analysis/containers/managed-by.ts";
import { covers } from "../../confirm/define-standing.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import type { Automation } from "../automation/define.ts";
import { readContainers } from "./read-containers.ts";

/** One that ran so long was well in between: its next end is a trouble of its own. */
const well_ms = 3_600_000;

/**
 * Starts containers that crashed. One that somebody stopped, that the engine starts again by itself, that needs another
 * one first, or of which it can't be told, is left alone.
 */
export const restartCrashed: Automation = {
  name: "restart_crashed",
  says: "Start a container that crashed",
  mind: [
    "A container that somebody stopped is left alone, and so is one of which the engine no longer knows how it ended.",
    "Apps of TrueNAS and services of a swarm are left alone: those start them by their own rules.",
    "Starting it again does not mend why it ended: after the tries in a row it waits for a person, until the container has run for an hour.",
  ],
  tool: "control_container",
  steps: ["start"],
  risk: "disruptive",
  kind: "container",
  usual: { max_per_day: 12, pause_s: 60, stop_after: 5 },
  async due(grant, { systems, signal }) {
    const hosts = [...new Set(grant.targets.map(({ host }) => host))];
    const answers = await Promise.all(
      hosts.map((host) =>
        systems.docker.each(async (docker) => {
          const all = await readContainers(docker, { signal });
          const named = all.map((container) => ({ container, name: container.Name.replace(/^\//, "") }));
          const down = named.filter(
            ({ container, name }) =>
              container.State.Status === "exited" &&
              !["truenas", "swarm"].includes(managedBy(container.Config.Labels).by) &&
              grant.targets.some((target) => covers(target, { kind: "container", host, name })) &&
              missingDependencies(container, all).length === 0,
          );
          const judged = await eachLimited(down, 4, async (one) => ({
            ...one,
            ending: endingOf(one.container, await docker.life(one.container, signal)),
          }));
          return judged
            .filter(({ ending }) => ending.is === "crashed")
            .map(({ container, name }) => ({
              host,
              name,
              input: { container: name, action: "start", host },
              fresh: ranFor(container) >= well_ms,
            }));
        }, host),
      ),
    );
    return answers.flat().flatMap((answer) => (answer.ok ? answer.value : []));
  },
};
