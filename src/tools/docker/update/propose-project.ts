import { projectObstacle } from "../../../analysis/managers/eligible.ts";
import { isAsDefined } from "../../../analysis/managers/members.ts";
import { type ManagedPlan, type NewImage, planExchange, planUpgrade } from "../../../analysis/managers/plan.ts";
import type { Left, Obstacle } from "../../../analysis/updates/eligible.ts";
import type { Unit } from "../../../confirm/define.ts";
import { asProblem, type ErrorCode } from "../../../shared/errors.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
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

/** What its manager does not show is left out of the plan; the rest of the plan goes on. */
function unreadable(error: unknown): Obstacle & { code: ErrorCode } {
  const { code, message, fix } = asProblem(error);
  return { code, why: `its manager could not be asked (${message.replace(/\.$/, "")})`, next: fix };
}

/** A tag that moves moves for all containers of the project that run from it. */
function withTheirLike(fresh: readonly NewImage[], members: readonly ContainerInspected[]): NewImage[] {
  const firsts = new Map(fresh.map((one) => [one.container.Config.Image, one]));
  return members.flatMap((container) => {
    const like = firsts.get(container.Config.Image);
    return like === undefined ? [] : [{ ...like, container }];
  });
}

/** The update of a project through its manager, or why there is none. */
export async function proposeProject(
  asked: Asked,
  wish: { health_timeout_s?: number | undefined },
  context: ToolContext,
): Promise<{ planned: Planned[]; left: Left[] }> {
  const [{ host, member }] = asked;
  const { systems, settings, signal } = context;
  const none = (why: Obstacle & { code: ErrorCode }) => ({
    planned: [],
    left: asked.map(({ name }) => ({ name, ...why })),
  });
  const read = await readSubject({ ...wish, host, member }, context).catch(unreadable);
  if ("why" in read) return none(read);
  const { subject, outside, patience } = read;
  const against = projectObstacle(subject, outside, settings.ownContainer);
  if (against !== null) return none(against);
  const planned = ({ warnings, undo, touches, ...plan }: ManagedPlan): Planned => ({
    unit: projectUnit(host, member, plan),
    warnings,
    undo,
    touches,
  });
  const apps = member.by === "truenas" ? systems.managers.truenas.one(host).system : null;
  const newer = (await apps?.newer(member.ref, signal)) ?? null;
  if (newer !== null) return { planned: [planned(planUpgrade(subject, newer, patience))], left: [] };
  const images = await Promise.all(asked.map(newImage));
  const found = images.filter((one) => "container" in one);
  // Compose is told which services, the others deploy all that their tags mean.
  const fresh = member.by === "compose" ? found : withTheirLike(found, subject.members);
  const left = images.filter((one) => "why" in one);
  return { planned: fresh.length === 0 ? [] : [planned(planExchange(subject, fresh, patience))], left };

  async function newImage({ name, container }: Place): Promise<NewImage | Left> {
    if (container === null)
      return { name, code: "nothing_to_do", why: "it is in its newest version", next: "Nothing needs to be done." };
    const { defined } = subject.project;
    const redefined = defined !== undefined && !isAsDefined(container, defined);
    const docker = systems.docker.one(host).system;
    const newest = await newestOf(name, container, await docker.image(container.Image, signal), docker, signal);
    return "why" in newest ? newest : { container, redefined, ...newest };
  }
}
