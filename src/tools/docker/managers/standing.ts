import { z } from "zod";
import { judgeProject, projectBasis, type Wanted } from "../../../analysis/managers/standing.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Json } from "../../../shared/json.ts";
import type { Docker } from "../../../systems/docker/port.ts";
import type { Systems } from "../../define.ts";
import { managerName, projectRef, readProjectIfAny } from "./read-project.ts";

const identity = z.object({
  by: managerName,
  ref: projectRef,
  to: z.string().nullable(),
  images: z.array(z.object({ name: z.string(), image: z.string() })),
});

/** Whether a unit is one of a manager's project, and not one of a single container. */
export const isOfProject = ({ target }: Unit) => target.kind !== "container";

/** Reads again what a plan for a project was made on. */
export async function observeProject({ target }: Unit, systems: Systems): Promise<Json> {
  const { by, ref } = identity.parse(target.identity);
  const now = await readProjectIfAny({ by, ref, host: target.host }, systems);
  return now === null ? null : projectBasis(now);
}

/** Proves by reading where a project stands. `wish`: what was wanted of it besides version and images. */
export async function projectStands(
  { target, basis }: Unit,
  systems: Systems,
  wish: Pick<Wanted, "runs" | "anew"> = { runs: true, anew: false },
): Promise<Standing> {
  const { by, ref, to, images } = identity.parse(target.identity);
  const here = await Promise.all(
    images.map(async ({ name, image }) => ({
      name,
      image_id: await idOf(systems.docker.one(target.host).system, image),
    })),
  );
  const now = await readProjectIfAny({ by, ref, host: target.host }, systems);
  return judgeProject(`${target.kind} ${target.name}`, basis, { deployed: to, images: here, ...wish }, now);
}

async function idOf(docker: Docker, image: string): Promise<string | null> {
  try {
    return (await docker.image(image)).Id;
  } catch (error) {
    if (error instanceof StewardError && error.code === "not_found") return null;
    throw error;
  }
}
