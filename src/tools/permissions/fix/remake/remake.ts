import { type Membership, membershipOf, membersOf } from "../../../../analysis/managers/members.ts";
import { reworkedService, sayRework } from "../../../../analysis/permissions/fix/rework.ts";
import { dependantsOf, nameOf } from "../../../../analysis/updates/dependants.ts";
import type { Unit } from "../../../../confirm/define.ts";
import { asJsonObject } from "../../../../shared/json.ts";
import type { ContainerInspected } from "../../../../systems/docker/shapes.ts";
import type { Systems, ToolContext } from "../../../define.ts";
import { deployDefinition } from "../../../docker/managers/deploy-definition.ts";
import { isKept } from "../../../docker/managers/find-app.ts";
import { alongside } from "../alongside.ts";
import { snapshotFirst } from "../folders/tree-steps.ts";
import { byEngine } from "./by-engine.ts";
import type { Made, Remade } from "./remade.ts";

/** Parts of a plan, and what is left out of it in whole sentences. */
interface Parts {
  parts: { unit: Unit; of: readonly Remade[]; touches: number; warnings: string[] }[];
  left_out: string[];
}

/**
 * Containers are made again by the manager that keeps them, those of one project at once; all others by the engine.
 *
 * @param all every container of that machine
 */
export async function remake(
  host: string,
  wanted: readonly Remade[],
  all: readonly ContainerInspected[],
  context: ToolContext,
): Promise<Parts> {
  const found: Parts = { parts: [], left_out: [] };
  const projects = new Map<string, { member: Membership; of: Remade[] }>();
  /** Whom the engine makes again, and with whom: a second part of the plan would find others than it was made on. */
  const again = new Map<string, string>();
  const add = async (of: readonly Remade[], concerned: readonly string[], make: () => Promise<Made>) => {
    const first = concerned.flatMap((name) => again.get(name) ?? [])[0];
    const why = `making ${first} again concerns it, too: plan it after this`;
    const made = first === undefined ? await make() : { why };
    if ("unit" in made)
      found.parts.push({
        of,
        unit: await whole(made.unit, of, context.systems),
        touches: made.touches,
        warnings: [...of.flatMap(({ warnings }) => warnings), ...made.warnings],
      });
    else {
      const names = of.map(({ container }) => nameOf(container)).join(", ");
      found.left_out.push(`Not in this plan: ${names}, because ${made.why}.`);
    }
    return "unit" in made;
  };
  const concernedBy = ({ container }: Remade) => [
    nameOf(container),
    ...dependantsOf(nameOf(container), all).map((one) => nameOf(one.container)),
  ];
  // What others can't go on without comes first: they are made again with it.
  for (const one of wanted.toSorted((a, b) => concernedBy(b).length - concernedBy(a).length)) {
    const member = keeperOf(host, one.container, all, context.systems);
    if (member === null) {
      const concerned = concernedBy(one);
      if (await add([one], concerned, () => byEngine(host, one, context)))
        for (const name of concerned) again.set(name, nameOf(one.container));
    } else {
      const key = `${member.by} ${member.ref.project}`;
      projects.set(key, { member, of: [...(projects.get(key)?.of ?? []), one] });
    }
  }
  for (const { member, of } of projects.values()) {
    const asked = {
      host,
      member,
      of: of.map(({ container, rework }) => ({ container, edit: reworkedService(rework) })),
      before: of.flatMap(({ before }) => before),
      while_down: of.flatMap(({ while_down }) => while_down),
    };
    await add(of, membersOf(all, member.ref).map(nameOf), () => deployDefinition(asked, context));
  }
  return found;
}

/** The manager that has to make it again; null where the engine does. */
function keeperOf(
  host: string,
  container: ContainerInspected,
  all: readonly ContainerInspected[],
  systems: Systems,
): Membership | null {
  const member = membershipOf(container);
  if (member === null || !isKept(systems, member, host)) return null;
  // Compose, told to leave the others alone, would cut them off.
  return member.by === "compose" && dependantsOf(nameOf(container), all).length > 0 ? null : member;
}

/** With what goes along: in words, in what the plan is based on, and as what is saved first. */
async function whole(unit: Unit, of: readonly Remade[], systems: Systems): Promise<Unit> {
  const handsOver = of.some(({ while_down }) => while_down.length > 0);
  return {
    ...unit,
    basis: { ...asJsonObject(unit.basis), alongside: (await alongside(unit, systems)).map(({ seen }) => seen) },
    changes: [
      ...of.flatMap(({ container, rework, changes }) => [...sayRework(nameOf(container), rework), ...changes]),
      ...unit.changes,
    ],
    safeguard: snapshotFirst(unit.steps) ?? {
      none: handsOver
        ? "No content is touched, the plan itself keeps every old owner, and the container comes back as it was if it is not well."
        : "No data is touched: the container comes back as it was if the new one is not well.",
    },
  };
}
