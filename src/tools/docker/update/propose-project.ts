import { projectObstacle } from "../../../analysis/managers/eligible.ts";
import { type ManagedPlan, type NewImage, planExchange, planUpgrade } from "../../../analysis/managers/plan.ts";
import type { Left } from "../../../analysis/updates/eligible.ts";
import type { Unit } from "../../../confirm/define.ts";
import type { ToolContext } from "../../define.ts";
import type { Place } from "../managers/find-app.ts";
import { projectUnit, readSubject } from "../managers/subject.ts";
import { newestOf } from "./newest.ts";

type Member = Place & { member: NonNullable<Place["member"]> };

/** What was asked for of one project of a manager. */
export type Asked = readonly [Member, ...Member[]];

/** Containers of one project are updated as one. */
export function byProject(places: readonly Place[]): Asked[] {
  const groups = new Map<string, [Member, ...Member[]]>();
  for (const { member, ...place } of places) {
    if (member === null) continue;
    const key = `${place.host} ${member.by} ${member.ref.project}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [{ ...place, member }]);
    else known.push({ ...place, member });
  }
  return [...groups.values()];
}

interface Planned {
  unit: Unit;
  warnings: string[];
  undo: string;
  touches: number;
}

/** The update of a project through its manager, or why there is none. */
export async function proposeProject(
  asked: Asked,
  wish: { health_timeout_s?: number | undefined },
  context: ToolContext,
): Promise<{ planned: Planned[]; left: Left[] }> {
  const [{ host, member }] = asked;
  const { systems, settings, signal } = context;
  const { subject, name: called, outside, patience } = await readSubject({ ...wish, host, member }, context);
  const against = projectObstacle(subject, outside, settings.ownContainer);
  if (against !== null) return { planned: [], left: asked.map(({ name }) => ({ name, ...against })) };
  const planned = ({ warnings, undo, touches, ...plan }: ManagedPlan): Planned => ({
    unit: projectUnit(host, called, plan),
    warnings,
    undo,
    touches,
  });
  const newer = await systems.managers.truenas.one(host).system.newer(member.ref, signal);
  if (newer !== null) return { planned: [planned(planUpgrade(subject, newer, patience))], left: [] };
  const images = await Promise.all(asked.map(newImage));
  const fresh = images.filter((one) => "container" in one);
  const left = images.filter((one) => "why" in one);
  return { planned: fresh.length === 0 ? [] : [planned(planExchange(subject, fresh, patience))], left };

  async function newImage({ name, container }: Place): Promise<NewImage | Left> {
    if (container === null)
      return { name, code: "nothing_to_do", why: "it is in its newest version", next: "Nothing needs to be done." };
    const docker = systems.docker.one(host).system;
    const newest = await newestOf(name, container, await docker.image(container.Image, signal), docker, signal);
    return "why" in newest ? newest : { container, ...newest };
  }
}
