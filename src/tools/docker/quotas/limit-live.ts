import { managedBy } from "../../../analysis/containers/managed-by.ts";
import { keptQuota } from "../../../analysis/quotas/kept.ts";
import { firstFormer } from "../../../analysis/quotas/lift.ts";
import { planQuota, type QuotaPlan } from "../../../analysis/quotas/plan.ts";
import type { QuotaProfile } from "../../../analysis/quotas/profile.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Unit } from "../../../confirm/define.ts";
import { asJsonObject } from "../../../shared/json.ts";
import type { EngineInfo } from "../../../systems/docker/port.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../define.ts";
import type { Limiting } from "./deploy-limits.ts";
import { cgroupsOf, processOf, readDisks, readUse } from "./read.ts";
import { basisOf } from "./standing.ts";

/** A container, its profile and the machine that it shares. */
export interface Fitting {
  host: string;
  machine: EngineInfo;
  container: ContainerInspected;
  profile: QuotaProfile;
}

/** What is to change of one container, and the part of a plan that does it while it runs; none where nothing does. */
export interface LiveLimits extends Limiting {
  units: Unit[];
  notes: string[];
}

/** Plans one container's limits as its profile says, to be set while it runs. Errors: those of Docker. */
export async function limitLive(
  { host, machine, container, profile }: Fitting,
  context: ToolContext,
): Promise<LiveLimits> {
  const { systems, signal } = context;
  const [use, { disks, notes }] = await Promise.all([
    readUse(systems.docker.one(host).system, host, container, context),
    readDisks(cgroupsOf(systems.cgroup, host), container, profile, signal),
  ]);
  const quota = planQuota(container, profile, machine, use, disks);
  const units: Unit[] = [];
  if (quota.changes.length > 0)
    units.push({
      target: {
        kind: "container",
        host,
        name: nameOf(container),
        identity: { container_id: container.Id, image_id: container.Image },
      },
      basis: basisOf(
        container,
        quota.io.map(({ before }) => before),
      ),
      changes: quota.changes,
      steps: stepsOf(host, container, quota, systems.keptLimits.of("quota", host)),
    });
  return { host, container, quota, units, notes };
}

function stepsOf(
  host: string,
  container: ContainerInspected,
  { wanted: holds, limits, io }: QuotaPlan,
  kept: readonly { container: string; wanted: string }[],
): Unit["steps"] {
  const name = nameOf(container);
  const at = { host, name, ...processOf(container) };
  const before = kept.find((one) => one.container === name)?.wanted ?? null;
  const earlier = before === null ? null : keptQuota.parse(JSON.parse(before));
  const same = earlier?.container_id === container.Id ? earlier.former : undefined;
  const former = firstFormer(same, { limits: limits.before, io: io.map((change) => change.before) });
  const wanted = { container_id: container.Id, started_at: container.State.StartedAt, ...holds, former };
  return [
    ...(Object.keys(limits.after).length === 0
      ? []
      : [
          {
            step: "limit",
            args: asJsonObject({ ...at, ...limits }),
            does: `Limit what ${name} may use`,
            undo: "Set what was.",
          },
        ]),
    ...io.map((change) => ({
      step: "limit_disk",
      args: asJsonObject({ ...at, ...change }),
      does: `Limit what ${name} may read and write on disk ${change.after.device}`,
      undo: "Set what was.",
    })),
    {
      step: "remember",
      args: asJsonObject({ host, name, wanted: JSON.stringify(wanted), before }),
      does: "Remember it, so that its loss is noticed",
      undo: "Forget it.",
    },
  ];
}

/** Who makes the container anew without these limits, and when the kernel forgets. */
export function forgetful(container: ContainerInspected, { io }: QuotaPlan, inFile: boolean): string[] {
  const name = nameOf(container);
  const { by } = managedBy(container.Config.Labels);
  const maker = { truenas: "TrueNAS", portainer: "Portainer", compose: "Compose", swarm: "Swarm", plain: null }[by];
  return [
    ...(maker === null || inFile
      ? []
      : [`${maker} makes ${name} without these limits when it makes it anew; write them there, too.`]),
    ...(io.length === 0 ? [] : [`${name}: its disk limits end when it is restarted; list_containers then says so.`]),
  ];
}
