import { z } from "zod";
import { membersOf } from "../../../analysis/managers/members.ts";
import type { Situation } from "../../../analysis/managers/standing.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Fleet } from "../../../systems/fleet.ts";
import type {
  DefinitionChanges,
  FileManager,
  Managers,
  ManagersChanges,
  ProjectRef,
} from "../../../systems/managers/port.ts";
import type { Changes, Systems } from "../../define.ts";
import { readContainers } from "../read-containers.ts";

/** As plans keep them. */
export const managerName = z.enum(["truenas", "portainer", "compose"]);
export const projectRef = z.object({ project: z.string(), files: z.array(z.string()), folder: z.string() });
export const inProject = z.object({ host: z.string(), ref: projectRef });
export const byManager = inProject.extend({ by: managerName });

export function managerOf({ managers }: Systems, by: keyof Managers, host: string): FileManager {
  const fleet: Fleet<FileManager> = managers[by];
  return fleet.one(host).system;
}

export function changerOf({ managers }: Changes, by: keyof ManagersChanges, host: string): DefinitionChanges {
  const fleet: Fleet<DefinitionChanges> = managers[by];
  return fleet.one(host).system;
}

/** A project as its manager and the engine beside it see it, and what else runs there. Errors: those of both, and not_found. */
export async function readProject(
  { by, host, ref }: { by: keyof Managers; host: string; ref: ProjectRef },
  systems: Systems,
  signal?: AbortSignal,
): Promise<Situation & { outside: ContainerInspected[] }> {
  const options = signal === undefined ? {} : { signal };
  // The apps of TrueNAS 24.04 run where no engine of ours sees them.
  const reading = systems.docker.hosts.includes(host) ? readContainers(systems.docker.one(host).system, options) : [];
  const [project, containers] = await Promise.all([managerOf(systems, by, host).read(ref, signal), reading]);
  const members = membersOf(containers, ref);
  return { project, members, outside: containers.filter((one) => !members.includes(one)) };
}

/** The same, or null where the project is gone. */
export async function readProjectIfAny(...asked: Parameters<typeof readProject>): Promise<Situation | null> {
  try {
    return await readProject(...asked);
  } catch (error) {
    if (error instanceof StewardError && error.code === "not_found") return null;
    throw error;
  }
}
