import { dependantsOf } from "../../../analysis/updates/dependants.ts";
import { type Left, leftOver, obstacle } from "../../../analysis/updates/eligible.ts";
import { healthTimeout } from "../../../analysis/updates/health.ts";
import { planUpdate } from "../../../analysis/updates/plan.ts";
import { find, type World } from "../../../analysis/updates/world.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { eachLimited } from "../../../shared/concurrency.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../define.ts";
import { type Place, placeOf } from "../managers/find-app.ts";
import { newestOf } from "./newest.ts";
import { byProject, proposeProject } from "./propose-project.ts";
import { readWorld } from "./read-world.ts";

/** A container for whose tag the registry serves another image than it was made from. */
interface Ready {
  host: string;
  name: string;
  container: ContainerInspected;
  world: World;
  repository: string;
  remote: string;
}

export interface Wish {
  containers: readonly string[];
  host?: string | undefined;
  health_timeout_s?: number | undefined;
}

/** One plan for all that can be updated; what can't is said in its warnings. Errors: nothing_to_do, unsupported, not_found … */
export async function proposeUpdates(wish: Wish, context: ToolContext): Promise<Proposal> {
  const names = [...new Set(wish.containers)];
  const { systems, signal } = context;
  const places = await eachLimited(names, 8, (name) => placeOf(name, wish.host, systems, signal));
  const worlds = new Map<string, World>();
  const ours = places.filter(({ member }) => member === null || member.by === "compose");
  for (const host of new Set(ours.map((place) => place.host))) {
    const here = ours.filter((place) => place.host === host).map(({ name }) => name);
    worlds.set(host, await readWorld(systems.docker.one(host).system, here, signal));
  }
  const isRecreated = ({ host, name, member }: Place) =>
    member === null ||
    // Compose, told to leave the others alone, would cut them off.
    (member.by === "compose" && dependantsOf(name, worlds.get(host)?.containers ?? []).length > 0);
  const recreated = places.filter(isRecreated);
  const found = await eachLimited(recreated, 8, ({ host, name }) => examine(host, name, worlds.get(host), context));
  const ready = found.filter((one) => "remote" in one);
  const projects = await eachLimited(byProject(places.filter((place) => !isRecreated(place))), 4, (asked) =>
    proposeProject(asked, wish, context),
  );
  const left = [...found.filter((one) => "why" in one), ...projects.flatMap((one) => one.left)];
  const units = [
    ...(await Promise.all(parentsLast(ready).map((one) => unitOf(one, ready, wish, context)))),
    ...projects.flatMap((one) => one.planned),
  ];
  const [first, ...others] = units;
  if (first === undefined) throw leftOver(left);
  const hosts = [...new Set(units.map(({ unit }) => unit.target.host))].join(", ");
  const kinds = new Set(units.map(({ unit }) => `${unit.target.kind}s`));
  return {
    title:
      others.length === 0
        ? `Update ${first.unit.target.kind} ${first.unit.target.name} on ${hosts}`
        : `Update ${units.length} ${[...kinds].join(" and ")} on ${hosts}`,
    risk: "disruptive",
    units: units.map(({ unit }) => unit),
    warnings: [
      ...units.flatMap(({ warnings }) => warnings),
      ...left.map(({ name, why, next }) => `Not in this plan: ${name}, because ${why}. ${next}`),
    ],
    undo: [
      ...new Set(units.map(({ undo }) => undo)),
      "Afterwards the old images are kept under the name home-steward-kept, and no volume is removed.",
    ].join(" "),
    blast: { containers: units.reduce((sum, { touches }) => sum + touches, 0), files: 0, bytes: 0 },
  };
}

async function examine(
  host: string,
  name: string,
  world: World | undefined,
  context: ToolContext,
): Promise<Ready | Left> {
  const container = world && find(world, name);
  const image = container && world.images.get(container.Image);
  if (world === undefined || container === undefined || image === undefined)
    throw new StewardError("not_found", `There is no container ${name} on ${host}.`, "See list_containers.");
  const dependants = dependantsOf(name, world.containers).map((dependant) => dependant.container);
  const against = obstacle(container, image, { world, own: context.settings.ownContainer, dependants });
  if (against !== null) return { name, code: "unsupported", ...against };
  const newest = await newestOf(name, container, image, context.systems.docker.one(host).system, context.signal);
  return "why" in newest ? newest : { host, name, container, world, ...newest };
}

/** Dependants first: a container that is exchanged makes its dependants again, on whatever they run by then. */
function parentsLast(ready: readonly Ready[]): Ready[] {
  const weight = ({ name, world }: Ready) => dependantsOf(name, world.containers).length;
  return ready.toSorted((a, b) => weight(a) - weight(b));
}

async function unitOf(one: Ready, ready: readonly Ready[], wish: Wish, context: ToolContext) {
  const { host, name, container, world } = one;
  const { settings, systems } = context;
  const here = ready.filter((other) => other.host === host);
  const tagged = await systems.docker
    .one(host)
    .system.image(container.Config.Image)
    .then(
      ({ Id }) => Id,
      () => null,
    );
  const { steps, ...plan } = planUpdate(world, container, {
    remote: one.remote,
    tagged,
    health_timeout_s: healthTimeout(wish.health_timeout_s, settings.update.health_timeout_s, container),
    settle_s: settings.update.settle_s,
    together: new Map(here.map((other) => [other.name, `${other.repository}@${other.remote}`])),
  });
  const unit: Unit = {
    target: { kind: "container", host, name, identity: plan.identity },
    basis: plan.basis,
    changes: plan.changes,
    steps: steps.map((step) => ({ ...step, args: { host, ...step.args } })),
  };
  const undo =
    "If a new container does not become healthy, it is undone by itself: the old one gets its name back and is started.";
  return { unit, warnings: plan.warnings, touches: plan.touches, undo };
}
