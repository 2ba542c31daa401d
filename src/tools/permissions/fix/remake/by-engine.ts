import { managedBy } from "../../../../analysis/containers/managed-by.ts";
import { obstacleTo } from "../../../../analysis/permissions/fix/obstacle.ts";
import { reworked } from "../../../../analysis/permissions/fix/rework.ts";
import { dependantsOf, nameOf } from "../../../../analysis/updates/dependants.ts";
import { healthTimeout } from "../../../../analysis/updates/health.ts";
import { basisOf } from "../../../../analysis/updates/plan.ts";
import { remaking, swapSteps } from "../../../../analysis/updates/steps.ts";
import { find } from "../../../../analysis/updates/world.ts";
import type { Unit } from "../../../../confirm/define.ts";
import type { ToolContext } from "../../../define.ts";
import { nowhere } from "../../../docker/find.ts";
import { readWorld } from "../../../docker/update/read-world.ts";
import type { Made, Remade } from "./remade.ts";

type StepSpec = Unit["steps"][number];

/** Makes a container again on the image it runs; the old one stays aside until the new one is well. */
export async function byEngine(
  host: string,
  { container: planned, rework, before, while_down }: Remade,
  { systems, settings, signal }: ToolContext,
): Promise<Made> {
  const name = nameOf(planned);
  const world = await readWorld(systems.docker.one(host).system, [name], signal);
  const container = find(world, planned.Id);
  if (container === undefined) throw nowhere(name, []);
  const dependants = dependantsOf(name, world.containers).map((one) => one.container);
  const names = world.containers.map(nameOf);
  const why = obstacleTo(container, { names, own: settings.ownContainer, dependants });
  if (why !== null) return { why };
  const own = remaking(world, container, container.Image, false);
  const others = dependants.map((other) => remaking(world, other, other.Image, false));
  const timeout_s = healthTimeout(undefined, settings.update.health_timeout_s, container);
  const health = { timeout_s, settle_s: settings.update.settle_s };
  const along = (one: StepSpec): StepSpec => ({ ...one, args: { ...one.args, old: container.Id } });
  const remade = { ...own, create: reworked(own.create, rework) };
  const steps = swapSteps(remade, others, health, while_down.map(along));
  const unit: Unit = {
    target: {
      kind: "container",
      host,
      name,
      identity: { container_id: container.Id, image_id: container.Image, image: container.Image },
    },
    basis: basisOf(world, name, []),
    changes: [],
    steps: [...before.map(along), ...steps.map((one) => ({ ...one, args: { host, ...one.args } }))],
  };
  const composed = managedBy(container.Config.Labels).by === "compose";
  return {
    unit,
    touches: 1 + dependants.length,
    warnings: [
      container.State.Running
        ? `${name} is stopped and made again; what it needs of the rights it loses shows within ${timeout_s} s, or later.`
        : `${name} is made again and stays stopped; what it needs of the rights it loses shows when somebody starts it.`,
      ...(composed
        ? [
            `The compose file of ${name} stays as it is: write the same there, or it is taken back when compose makes it again.`,
          ]
        : []),
      ...own.notes.map((note) => `${name}: ${note}`),
    ],
  };
}
