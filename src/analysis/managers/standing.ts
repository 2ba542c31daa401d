import { z } from "zod";
import type { Json, JsonObject } from "../../shared/json.ts";
import { asJsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { Project } from "../../systems/managers/port.ts";
import { nameOf } from "../updates/dependants.ts";
import { judge, type Verdict } from "../updates/health.ts";
import { shortId } from "../updates/reference.ts";
import { saved } from "./members.ts";

/** A project as its manager and Docker see it. */
export interface Situation {
  project: Project;
  members: readonly ContainerInspected[];
}

const member = z.object({ name: z.string(), container_id: z.string(), image_id: z.string(), running: z.boolean() });
export const savedMembers = z.array(member);
type Saved = z.infer<typeof member>;
const savedProject = z.object({
  deployed: z.string(),
  stopped: z.boolean(),
  busy: z.boolean(),
  members: savedMembers,
});

/** What a plan for a project was made on; anything different later makes it stale. */
export const projectBasis = ({ project, members }: Situation): JsonObject =>
  asJsonObject({
    deployed: project.deployed,
    stopped: project.state === "stopped",
    busy: project.busy,
    members: members.map(saved),
  });

/**
 * Whether each saved container is there with the saved image, and runs if it ran. One that did not may run by now:
 * whoever deploys a project starts all of it.
 */
export function asSaved(before: readonly Saved[], members: readonly ContainerInspected[]): boolean {
  return before.every(({ name, image_id, running }) =>
    members.some((now) => nameOf(now) === name && now.Image === image_id && (now.State.Running || !running)),
  );
}

/** What a plan wants of a project: a version, other images under the names of containers, or only that it runs or not. */
export interface Wanted {
  /** Its manager's own version; null where that stays. */
  deployed: string | null;
  /** The image id that a container should run by now; null where it is not here. */
  images: readonly { name: string; image_id: string | null }[];
  runs: boolean;
  /** Every container has to be another one than before. */
  anew: boolean;
}

/**
 * Where a project stands, judged by what its manager says and by what runs: as wanted and well (`after`), with the saved
 * version and the saved images, running as before (`before`), or neither. `now` is null where the project is gone.
 */
export function judgeProject(called: string, basis: Json, wanted: Wanted, now: Situation | null): JudgedProject {
  if (now === null) return { is: "neither", why: `There is no ${called} any more.` };
  const { project, members } = now;
  const was = savedProject.parse(basis);
  const says = saying(called, now, wanted.deployed === null ? "" : ` in version ${project.deployed}`);
  if (project.busy) return { is: "neither", why: `${says} But something is being done to it.` };

  const deployed = wanted.deployed ?? was.deployed;
  const trouble = [
    ...(project.deployed === deployed
      ? []
      : [
          wanted.deployed === null
            ? "what is deployed is defined in another way than before"
            : `it should be in version ${deployed}`,
        ]),
    ...(wanted.runs === (project.state !== "stopped") ? [] : [`it should ${wanted.runs ? "run" : "be stopped"}`]),
    ...wanted.images.flatMap(({ name, image_id }) =>
      members.some((one) => nameOf(one) === name && one.Image === image_id)
        ? []
        : [`${name} does not run the approved image`],
    ),
    ...(wanted.anew && members.some(({ Id }) => was.members.some((old) => old.container_id === Id))
      ? ["not all of it was made again"]
      : []),
    ...(wanted.runs ? illnesses(was.members, members, project) : []),
  ];
  if (trouble.length === 0) return { is: "after", why: says };
  const back = project.deployed === was.deployed && (project.state === "stopped") === was.stopped;
  if (back && asSaved(was.members, members)) return { is: "before", why: says };
  return { is: "neither", why: `${says} But ${trouble.join("; ")}.` };
}

interface JudgedProject {
  is: "after" | "before" | "neither";
  why: string;
}

/** How a project stands, in a sentence. */
export function saying(called: string, { project, members }: Situation, version = ""): string {
  const images = members.map(
    (one) => `${nameOf(one)} ${one.State.Running ? "runs" : "is stopped with"} image ${shortId(one.Image)}`,
  );
  return `${called} is ${project.state}${version}${images.length > 0 ? `: ${images.join(", ")}` : ""}.`;
}

/** Why a project that should run by now is not well; nothing where it is. */
export function illnesses(
  before: readonly Saved[],
  members: readonly ContainerInspected[],
  project: Project,
): string[] {
  const steady = new Map(members.map(({ Id }) => [Id, 0]));
  const verdict = judgeMembers({ project, members }, before, { steady_s: steady, settle_s: 0 });
  return verdict.is === "well" ? [] : [verdict.why];
}

/**
 * Judges the containers of a project that was just deployed. One that ran before has to run and be well; one that did not
 * may end, with exit code 0 (containers that only set permissions do). One that was not touched is not judged. Where no engine knows its containers its manager's
 * word is all there is. `steady_s`: for how long each, by id, has run without a restart.
 */
export function judgeMembers(
  { project, members }: Situation,
  before: readonly Saved[],
  { steady_s, settle_s }: { steady_s: ReadonlyMap<string, number>; settle_s: number },
): Verdict {
  if (project.state === "stopped") return { is: "ill", why: "its manager says that it is stopped" };
  const touched = members.filter(
    ({ Id, State }) => !before.some(({ container_id, running }) => container_id === Id && running === State.Running),
  );
  const verdicts = touched.map((one): Verdict => {
    const ran = before.find(({ name }) => name === nameOf(one))?.running;
    const ended = !one.State.Running && !one.State.Restarting && one.State.ExitCode === 0;
    if (ended && ran !== true) return { is: "well", why: "it has done its work" };
    const { is, why } = judge(one, { steady_s: steady_s.get(one.Id) ?? 0, settle_s });
    return { is, why: `${nameOf(one)}: ${why}` };
  });
  const [worst] = [...verdicts.filter(({ is }) => is === "ill"), ...verdicts.filter(({ is }) => is === "wait")];
  if (worst !== undefined) return worst;
  if (members.length === 0 && before.some(({ running }) => running))
    return { is: "wait", why: "none of its containers is there yet" };
  if (members.length > 0 || project.state === "running") return { is: "well", why: "all of its containers are well" };
  return { is: "wait", why: `its manager says that it is ${project.state}` };
}
