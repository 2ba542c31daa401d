import { z } from "zod";
import { controlBasis, judgeControl } from "../../../analysis/containers/control.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import type { Json } from "../../../shared/json.ts";
import type { Systems } from "../../define.ts";
import { inspected } from "../find.ts";

const basis = z.looseObject({ container_id: z.string(), running: z.boolean(), started_at: z.string() });
const action = z.enum(["start", "stop", "restart"]);

/** Reads again what the plan was made on. */
export async function observe({ target }: Unit, { docker }: Systems): Promise<Json> {
  const now = await inspected(docker.one(target.host).system, target.name);
  return now === null ? null : controlBasis(now);
}

export async function stands(unit: Unit, { docker }: Systems): Promise<Standing> {
  const now = await inspected(docker.one(unit.target.host).system, unit.target.name);
  return judgeControl(action.parse(unit.steps[0]?.step), basis.parse(unit.basis), now);
}
