import { z } from "zod";
import type { Standing, Unit } from "../../../confirm/define.ts";
import { asJsonObject, type Json } from "../../../shared/json.ts";
import type { Systems } from "../../define.ts";
import { inspected } from "../../docker/find.ts";
import { deploymentStands, observeDeployment } from "../../docker/managers/deploy-standing.ts";
import { stands as containerStands, observe as observeContainer } from "../../docker/update/standing.ts";
import { alongside, together } from "./alongside.ts";
import { ownersArgs } from "./steps.ts";

const containers = z.array(z.object({ name: z.string(), container_id: z.string().nullable(), running: z.boolean() }));
const basisShape = z.object({
  list: z.object({
    before: z.number(),
    after: z.number(),
    halfway: z.number(),
    gone: z.number(),
    replaced: z.number(),
    other: z.number(),
  }),
  containers,
});

/** Reads again how the listed entries and the containers stand, and all that goes along with them. */
export async function observe(unit: Unit, systems: Systems): Promise<Json> {
  const { kind } = unit.target;
  if (kind === "folder") return read(unit, systems);
  const [remade, along] = await Promise.all([
    kind === "container" ? observeContainer(unit, systems) : observeDeployment(unit, systems),
    alongside(unit, systems),
  ]);
  return remade === null ? null : { ...asJsonObject(remade), alongside: along.map(({ seen }) => seen) };
}

/** Judged by what lies on the disk: all entries as planned, or all as before, and the containers running as before. */
export async function stands(unit: Unit, systems: Systems): Promise<Standing> {
  const { kind } = unit.target;
  if (kind !== "folder") {
    const remade = kind === "container" ? containerStands(unit, systems) : deploymentStands(unit, systems);
    return together(await remade, await alongside(unit, systems));
  }
  const saved = basisShape.parse(unit.basis);
  const { list, containers: now } = await read(unit, systems);
  const all = saved.list.before;
  const down = saved.containers.filter(
    (was) => !now.some((one) => one.container_id === was.container_id && one.running === was.running),
  );
  const trouble = down.length === 0 ? "" : ` But ${down.map(({ name }) => name).join(", ")} does not run as before.`;
  const otherwise = list.halfway + list.other;
  const why = `${list.after} of ${all} entries are as planned, ${list.before} as before, ${list.gone + list.replaced} gone or replaced, ${otherwise} otherwise.${trouble}`;
  if (down.length > 0 || otherwise > 0) return { is: "neither", why };
  // What a container removes as it stops, and makes anew as it starts, is neither to be changed nor to be put back.
  const is = list.before === 0 && list.after > 0 ? "after" : list.after === 0 ? "before" : "neither";
  return { is, why };
}

async function read(unit: Unit, systems: Systems): Promise<z.output<typeof basisShape>> {
  const { host, tree, list } = ownersArgs.parse(unit.steps.find(({ step }) => step === "set_owners")?.args);
  const { containers: saved } = basisShape.parse(unit.basis);
  const docker = systems.docker.one(host).system;
  const [standing, now] = await Promise.all([
    systems.files.one(host).system.check(tree, list),
    Promise.all(saved.map(({ name }) => inspected(docker, name))),
  ]);
  return {
    list: standing,
    containers: saved.map(({ name }, at) => {
      const found = now[at] ?? null;
      return { name, container_id: found?.Id ?? null, running: found?.State.Running ?? false };
    }),
  };
}
