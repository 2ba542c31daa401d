import { z } from "zod";
import { sameShaping, sayMbit } from "../../../analysis/bandwidth/limit.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import type { Json, JsonObject } from "../../../shared/json.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Shaping } from "../../../systems/network/port.ts";
import type { Systems } from "../../define.ts";
import { inspected } from "../find.ts";
import { type Cable, readCables } from "./read.ts";
import { cableArgs, noteArgs } from "./steps.ts";

/** What a plan was made on: the run of the container, and how its cables are shaped. */
export function basisOf({ Id, State }: ContainerInspected, cables: readonly Cable[]): JsonObject {
  return {
    container_id: Id,
    started_at: State.StartedAt,
    running: State.Running,
    cables: cables.map(({ name, veth, shaped }) => ({
      name,
      veth,
      foreign: shaped?.foreign ?? null,
      ingress_bits_per_s: shaped?.ingress_bits_per_s ?? null,
      egress_bits_per_s: shaped?.egress_bits_per_s ?? null,
    })),
  };
}

export async function observe({ target }: Unit, { docker, network }: Systems): Promise<Json> {
  const container = await inspected(docker.one(target.host).system, target.name);
  if (container === null) return null;
  return basisOf(container, await readCables(network.one(target.host).system, container));
}

/** Read back from the kernel, and from what is remembered. */
export async function stands({ target: { host, name, identity }, steps }: Unit, systems: Systems): Promise<Standing> {
  const container = await inspected(systems.docker.one(host).system, name);
  const same = container?.Id === identity.container_id;
  const cables = same && container ? await readCables(systems.network.one(host).system, container) : [];
  const wanted = z.array(cableArgs).parse(steps.filter(({ step }) => step.endsWith("limit")).map(({ args }) => args));
  const note = noteArgs.parse(steps.at(-1)?.args);
  const kept = systems.keptLimits.of("bandwidth", host).find((one) => one.container === name)?.wanted ?? null;
  const of = (veth: string): Shaping => {
    const shaped = cables.find((cable) => cable.veth === veth)?.shaped;
    return {
      ingress_bits_per_s: shaped?.ingress_bits_per_s ?? null,
      egress_bits_per_s: shaped?.egress_bits_per_s ?? null,
    };
  };
  const said = wanted.map(({ veth }) => {
    const { ingress_bits_per_s, egress_bits_per_s } = of(veth);
    const by = cables.find((cable) => cable.veth === veth)?.shaped?.by ?? null;
    const how = { ifb: " (through an interface of its own)", police: " (by dropping what is too much)" };
    return `${veth} receives ${sayMbit(ingress_bits_per_s)}, sends ${sayMbit(egress_bits_per_s)}${by === null ? "" : how[by]}`;
  });
  const why = `${said.join("; ") || `No cable of ${name} is limited`}; ${kept === null ? "nothing" : "the limit"} is remembered.`;
  const is = (which: "after" | "before") =>
    wanted.every((cable) => sameShaping(of(cable.veth), cable[which])) && kept === (note[which]?.wanted ?? null);
  if (is("after")) return { is: "after", why };
  return { is: is("before") ? "before" : "neither", why };
}
