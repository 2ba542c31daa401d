import type { Membership } from "../../../analysis/managers/members.ts";
import { membershipOf } from "../../../analysis/managers/members.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Systems } from "../../define.ts";
import { hostOf, inspected } from "../find.ts";
import { managerOf } from "./read-project.ts";

/** Where something that was asked for by name is. */
export interface Place {
  host: string;
  name: string;
  /** Null where the name is that of an app. */
  container: ContainerInspected | null;
  /** Of a container that a configured manager keeps, and of an app. */
  member: Membership | null;
}

/**
 * Finds a container, or the TrueNAS app of that name: TrueNAS removes the containers of an app that it stops, and those of
 * 24.04 are in no engine of ours. Errors: not_found, ambiguous, not_configured, and those of the hosts.
 */
export async function placeOf(
  name: string,
  wanted: string | undefined,
  systems: Systems,
  signal?: AbortSignal,
): Promise<Place> {
  const { docker } = systems;
  try {
    const host = await hostOf(docker, name, wanted);
    const container = await inspected(docker.one(host).system, name, signal);
    if (container === null)
      throw new StewardError("not_found", `There is no container ${name} on ${host}.`, "See list_containers.");
    const member = membershipOf(container);
    return { host, name, container, member: member !== null && isKept(systems, member, host) ? member : null };
  } catch (error) {
    const nowhere = error instanceof StewardError && (error.code === "not_found" || error.code === "not_configured");
    const app = nowhere ? await appNamed(name, wanted, systems, signal) : null;
    if (app !== null) return app;
    throw error;
  }
}

export const isKept = (systems: Systems, { by, ref }: Membership, host: string) =>
  systems.managers[by].hosts.includes(host) && managerOf(systems, by, host).keeps(ref);

async function appNamed(name: string, wanted: string | undefined, { managers }: Systems, signal?: AbortSignal) {
  const { truenas } = managers;
  if (wanted !== undefined && !truenas.hosts.includes(wanted)) return null;
  const ref = { project: `ix-${name}`, files: [], folder: "" };
  const answers = await truenas.each((manager) => manager.read(ref, signal), wanted);
  const [first, second] = answers.filter(({ ok }) => ok);
  if (second !== undefined) throw new StewardError("ambiguous", `Several hosts have an app ${name}.`, "Name the host.");
  return first === undefined
    ? null
    : { host: first.host, name, container: null, member: { by: "truenas" as const, ref } };
}
