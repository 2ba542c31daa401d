import { managedBy } from "../../../analysis/containers/managed-by.ts";
import { type Hardenable, hardened, inCompose, unhardenable } from "../../../analysis/permissions/fix/harden.ts";
import { dependantsOf, nameOf } from "../../../analysis/updates/dependants.ts";
import { healthTimeout } from "../../../analysis/updates/health.ts";
import { basisOf } from "../../../analysis/updates/plan.ts";
import { remaking, swapSteps } from "../../../analysis/updates/steps.ts";
import { find } from "../../../analysis/updates/world.ts";
import type { Unit } from "../../../confirm/define.ts";
import type { ToolContext } from "../../define.ts";
import { nowhere } from "../../docker/find.ts";
import { readWorld } from "../../docker/update/read-world.ts";

/** One container's part of a plan, or why it is left out. */
export type Hardening = { unit: Unit; touches: number; warnings: string[] } | { why: string };

/** Makes a container again on the image it runs, with fewer rights; the old one stays aside until the new one is well. */
export async function hardenUnit(
  host: string,
  name: string,
  checks: ReadonlySet<Hardenable>,
  { systems, settings, signal }: ToolContext,
): Promise<Hardening> {
  const world = await readWorld(systems.docker.one(host).system, [name], signal);
  const container = find(world, name);
  if (container === undefined) throw nowhere(name, []);
  const dependants = dependantsOf(name, world.containers).map((one) => one.container);
  const against = unhardenable(container, {
    names: world.containers.map(nameOf),
    own: settings.ownContainer,
    dependants,
  });
  if (against !== null) return { why: `Not in this plan: ${name}, because ${against}.` };
  const own = remaking(world, container, container.Image, false);
  const others = dependants.map((other) => remaking(world, other, other.Image, false));
  const health = {
    timeout_s: healthTimeout(undefined, settings.update.health_timeout_s, container),
    settle_s: settings.update.settle_s,
  };
  const steps = swapSteps({ ...own, create: hardened(own.create, checks) }, others, health);
  const unit: Unit = {
    target: {
      kind: "container",
      host,
      name,
      identity: { container_id: container.Id, image_id: container.Image, image: container.Image },
    },
    basis: basisOf(world, name, []),
    changes: [...checks].map((check) => `${name}: + ${inCompose[check]}`),
    steps: steps.map((one) => ({ ...one, args: { host, ...one.args } })),
    safeguard: {
      none: "No data is touched: the old container stays aside until the new one is well, and comes back if not.",
    },
  };
  const composed = managedBy(container.Config.Labels).by === "compose";
  return {
    unit,
    touches: 1 + dependants.length,
    warnings: [
      `${name} is stopped and made again; what it needs of the rights it loses shows within ${health.timeout_s} s, or later.`,
      ...(composed
        ? [`Its compose file stays as it is: write the same there, or it is taken back when compose makes it again.`]
        : []),
      ...own.notes.map((note) => `${name}: ${note}`),
    ],
  };
}
