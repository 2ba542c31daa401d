import { type DefinitionChange, sayDefinition } from "../../../analysis/managers/definition-change.ts";
import type { ServiceEdit } from "../../../analysis/managers/edit-compose.ts";
import { type Membership, membershipOf, serviceOf } from "../../../analysis/managers/members.ts";
import { titleOf, whoOf } from "../../../analysis/managers/words.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Unit } from "../../../confirm/define.ts";
import { asProblem } from "../../../shared/errors.ts";
import { asJsonObject } from "../../../shared/json.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Systems, ToolContext } from "../../define.ts";
import { isKept } from "./find-app.ts";

/** A change that was made to a running container and should be there, too, when it is made again. */
export interface Lasting {
  host: string;
  container: ContainerInspected;
  edit: ServiceEdit;
}

interface Group {
  host: string;
  member: Membership;
  of: Lasting[];
}

/**
 * Parts of a plan that write changes into the compose files that containers were made from, without deploying them; for
 * what is kept by others, the lines to write there, as warnings. Say so in the plan's own words where there is neither.
 */
export async function proposeDefinitions(
  wanted: readonly Lasting[],
  { systems, signal }: ToolContext,
): Promise<{ units: Unit[]; warnings: string[] }> {
  const parts = await Promise.all(byProject(wanted, systems).map((group) => part(group, systems, signal)));
  return { units: parts.flatMap(({ units }) => units), warnings: parts.flatMap(({ warnings }) => warnings) };
}

/** Whether {@link proposeDefinitions} has something to say of a container. */
export const isDefinedInFile = (host: string, container: ContainerInspected, systems: Systems): boolean => {
  const member = membershipOf(container);
  return member !== null && member.by !== "truenas" && isKept(systems, member, host);
};

function byProject(wanted: readonly Lasting[], systems: Systems): Group[] {
  const groups = new Map<string, Group>();
  for (const one of wanted) {
    const member = membershipOf(one.container);
    if (member === null || !isDefinedInFile(one.host, one.container, systems)) continue;
    const key = `${one.host} ${member.by} ${member.ref.project}`;
    const group = groups.get(key) ?? { host: one.host, member, of: [] };
    group.of.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

async function part({ host, member: { by, ref }, of }: Group, systems: Systems, signal?: AbortSignal) {
  const names = of.map(({ container }) => nameOf(container)).join(", ");
  if (by === "truenas") return { units: [], warnings: [] };
  try {
    // It brings a parser of YAML along, which a start does not need.
    const { planDefinition } = await import("../../../analysis/managers/plan-definition.ts");
    const text = await systems.managers[by].one(host).system.definition(ref, signal);
    const change = planDefinition(
      text,
      of.map(({ container, edit }) => ({ service: serviceOf(container), edit, env: container.Config.Env ?? [] })),
    );
    if (change.edits.length === 0) return { units: [], warnings: [] };
    if (by === "compose") return { units: [unit(host, { by, ref }, change)], warnings: [] };
    const lines = sayDefinition(change).join("; ");
    return {
      units: [],
      warnings: [
        `${names}: ${whoOf(by)} makes it without this when it deploys the stack. To keep it, change there: ${lines}`,
      ],
    };
  } catch (error) {
    const { message } = asProblem(error);
    return { units: [], warnings: [`${names}: what defines it could not be changed along with it (${message})`] };
  }
}

function unit(host: string, { by, ref }: Membership, change: DefinitionChange): Unit {
  const name = titleOf(by, ref);
  return {
    target: { kind: "project", host, name, identity: { ref: asJsonObject(ref), change: asJsonObject(change) } },
    basis: { sha256: change.before_sha256 },
    changes: [
      `The compose file of ${name}, which nothing is made from before its next update:`,
      ...sayDefinition(change),
    ],
    steps: [
      {
        step: "define",
        args: { host, ref: asJsonObject(ref), change: asJsonObject(change) },
        does: `Write it into the compose file of ${name}`,
        undo: "Put the file back as it was, byte for byte.",
      },
    ],
  };
}
