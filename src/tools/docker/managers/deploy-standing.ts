import { z } from "zod";
import { definitionChange } from "../../../analysis/managers/definition-change.ts";
import {
  type DefinedSituation,
  deploymentBasis,
  judgeDeployment,
  redeployed,
} from "../../../analysis/managers/deployment.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import type { Json } from "../../../shared/json.ts";
import type { Systems } from "../../define.ts";
import { managerName, managerOf, projectRef, readProjectIfAny } from "./read-project.ts";

const identity = z.object({ by: managerName, ref: projectRef, change: definitionChange, of: z.array(redeployed) });

/** Reads again what a part of `deployDefinition` was planned on. */
export async function observeDeployment(unit: Unit, systems: Systems): Promise<Json> {
  const now = await read(unit, systems);
  return now === null ? null : deploymentBasis(now);
}

/** Proves by reading whether file and containers are as planned and well, or both as before. */
export async function deploymentStands(unit: Unit, systems: Systems): Promise<Standing> {
  const { target, basis } = unit;
  return judgeDeployment(
    `${target.kind} ${target.name}`,
    basis,
    identity.parse(target.identity),
    await read(unit, systems),
  );
}

async function read({ target }: Unit, systems: Systems): Promise<DefinedSituation | null> {
  const { by, ref } = identity.parse(target.identity);
  const now = await readProjectIfAny({ by, ref, host: target.host }, systems);
  return now === null ? null : { ...now, text: await managerOf(systems, by, target.host).definition(ref) };
}
