import { z } from "zod";
import { basisOf } from "../../../analysis/updates/plan.ts";
import { type Evidence, judgeStanding } from "../../../analysis/updates/standing.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Json } from "../../../shared/json.ts";
import type { Systems } from "../../define.ts";
import { isOfProject, observeProject, projectStands } from "../managers/standing.ts";
import { readWorld } from "./read-world.ts";

const basis = z.looseObject({ together: z.array(z.string()) });

/** Reads again what the update was planned on. */
export async function observe(unit: Unit, systems: Systems): Promise<Json> {
  if (isOfProject(unit)) return observeProject(unit, systems);
  const { host, name } = unit.target;
  const { together } = basis.parse(unit.basis);
  return basisOf(await readWorld(systems.docker.one(host).system, [name]), name, together);
}

/** Proves by reading which image runs under the name, and that the dependants run with it. */
export async function stands(unit: Unit, systems: Systems): Promise<Standing> {
  if (isOfProject(unit)) return projectStands(unit, systems);
  const { system } = systems.docker.one(unit.target.host);
  const { image } = z.looseObject({ image: z.string() }).parse(unit.target.identity);
  const [world, pulled] = await Promise.all([
    readWorld(system, [unit.target.name]),
    system.image(image).catch((error: unknown) => {
      if (error instanceof StewardError && error.code === "not_found") return null;
      throw error;
    }),
  ]);
  const evidence: Evidence = { world, name: unit.target.name, basis: unit.basis, newImageId: pulled?.Id ?? null };
  return judgeStanding(evidence);
}
