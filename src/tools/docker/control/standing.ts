import { z } from "zod";
import { controlBasis, judgeControl } from "../../../analysis/containers/control.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import type { Json } from "../../../shared/json.ts";
import type { Systems } from "../../define.ts";
import { inspected } from "../find.ts";
import { isOfProject, observeProject, projectStands } from "../managers/standing.ts";

const basis = z.looseObject({ container_id: z.string(), running: z.boolean(), started_at: z.string() });
const action = z.enum(["start", "stop", "restart"]);

/** Reads again what the plan was made on. */
export async function observe(unit: Unit, systems: Systems): Promise<Json> {
  if (isOfProject(unit)) return observeProject(unit, systems);
  const now = await inspected(systems.docker.one(unit.target.host).system, unit.target.name);
  return now === null ? null : controlBasis(now);
}

export async function stands(unit: Unit, systems: Systems): Promise<Standing> {
  if (isOfProject(unit)) {
    const step = unit.steps[0]?.step;
    return projectStands(unit, systems, { runs: step !== "app_stop", anew: step === "app_restart" });
  }
  const now = await inspected(systems.docker.one(unit.target.host).system, unit.target.name);
  return judgeControl(action.parse(unit.steps[0]?.step), basis.parse(unit.basis), now);
}
