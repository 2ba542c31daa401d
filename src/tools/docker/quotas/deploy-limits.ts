import type { Membership } from "../../../analysis/managers/members.ts";
import { membershipOf } from "../../../analysis/managers/members.ts";
import type { QuotaPlan } from "../../../analysis/quotas/plan.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Unit } from "../../../confirm/define.ts";
import { asJsonObject } from "../../../shared/json.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Systems, ToolContext } from "../../define.ts";
import { deployDefinition } from "../managers/deploy-definition.ts";
import { isKept } from "../managers/find-app.ts";

/** A container and what it is to be limited to. */
export interface Limiting {
  host: string;
  container: ContainerInspected;
  quota: QuotaPlan;
}

interface Group {
  host: string;
  member: Membership;
  of: Limiting[];
}

/** What of them is deployed with its limits; the others are limited as they run. */
export interface DeployedLimits {
  units: Unit[];
  warnings: string[];
  /** Of those that are deployed. */
  containers: ReadonlySet<ContainerInspected>;
}

/**
 * Parts of a plan in which Portainer and TrueNAS deploy containers with limits of processors and memory. Compose needs
 * none: its file is written along, and nothing has to be made again.
 */
export async function deployLimits(wanted: readonly Limiting[], context: ToolContext): Promise<DeployedLimits> {
  const all: { units: Unit[]; warnings: string[]; containers: Set<ContainerInspected> } = {
    units: [],
    warnings: [],
    containers: new Set(),
  };
  for (const { host, member, of } of byProject(wanted, context.systems)) {
    const part = await deployDefinition(
      { host, member, of: of.map(({ container, quota }) => ({ container, edit: editOf(quota) })), ...nothingElse },
      context,
    );
    if ("why" in part) {
      all.warnings.push(`${namesOf(of)}: not deployed with its limits, because ${part.why}.`);
      continue;
    }
    all.units.push({
      ...part.unit,
      changes: [...of.flatMap(({ quota }) => quota.changes), ...part.unit.changes],
      steps: [...part.unit.steps, ...of.map((one) => remembering(one, context.systems))],
    });
    all.warnings.push(...part.warnings, ...of.flatMap(({ container, quota }) => unlasting(container, quota)));
    for (const { container } of of) all.containers.add(container);
  }
  return all;
}

const nothingElse = { before: [], while_down: [] };
const namesOf = (of: readonly Limiting[]) => of.map(({ container }) => nameOf(container)).join(", ");

function byProject(wanted: readonly Limiting[], systems: Systems): Group[] {
  const groups = new Map<string, Group>();
  for (const one of wanted) {
    const member = membershipOf(one.container);
    if (member === null || member.by === "compose" || !isKept(systems, member, one.host)) continue;
    if (one.quota.wanted.cpus === null && one.quota.wanted.memory_bytes === null) continue;
    const key = `${one.host} ${member.by} ${member.ref.project}`;
    const group = groups.get(key) ?? { host: one.host, member, of: [] };
    group.of.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The limits as a compose file says them. */
export function editOf({ wanted: { cpus, memory_bytes } }: QuotaPlan) {
  return { limits: { ...(cpus !== null && { cpus }), ...(memory_bytes !== null && { memory_bytes }) } };
}

/** By the container of before: whatever is made of the definition is another one, and has no limits of the kernel's. */
function remembering({ host, container, quota }: Limiting, { keptLimits }: Systems): Unit["steps"][number] {
  const name = nameOf(container);
  const { cpus, memory_bytes } = quota.wanted;
  const wanted = { container_id: container.Id, started_at: container.State.StartedAt, cpus, memory_bytes, io: [] };
  const before = keptLimits.of("quota", host).find((kept) => kept.container === name)?.wanted ?? null;
  return {
    step: "remember",
    args: asJsonObject({ host, name, wanted: JSON.stringify(wanted), before }),
    does: "Remember it, so that its loss is noticed",
    undo: "Forget it.",
  };
}

const unlasting = (container: ContainerInspected, { wanted }: QuotaPlan): string[] =>
  wanted.io.length === 0
    ? []
    : [`${nameOf(container)}: disk limits are of a run, and not in this plan: plan them again once it is deployed.`];
