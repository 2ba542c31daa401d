import { managedBy } from "../../../analysis/containers/managed-by.ts";
import { hasProcess } from "../../../analysis/containers/process.ts";
import { type KeptQuota, keptQuota } from "../../../analysis/quotas/kept.ts";
import { planLift } from "../../../analysis/quotas/lift.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import { asJsonObject } from "../../../shared/json.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ToolContext } from "../../define.ts";
import { inspected } from "../find.ts";
import { cgroupsOf, processOf } from "./read.ts";
import { basisOf } from "./standing.ts";

/** A plan that takes limits of earlier plans off again: of the containers named, or of all. */
export async function proposeLift(
  wish: { containers?: string[] | undefined; host?: string | undefined },
  { systems, signal }: ToolContext,
): Promise<Proposal> {
  const hosts = wish.host === undefined ? systems.docker.hosts : [systems.docker.one(wish.host).host];
  const kept = hosts
    .flatMap((host) => systems.keptLimits.of("quota", host))
    .filter(({ container }) => wish.containers?.includes(container) ?? true);
  const parts = await Promise.all(kept.map(partOf));
  const units = parts.map(({ unit }) => unit);
  const defined = parts.flatMap(({ found }) => (found !== null && isDefined(found) ? [nameOf(found)] : []));
  const [first, second] = units.map(({ target }) => `container ${target.name} on ${target.host}`);
  if (first === undefined)
    throw new StewardError("nothing_to_do", "No limits of an earlier plan are kept there.", "See list_containers.");
  return {
    title: `Take the limits off ${second === undefined ? first : `${units.length} containers`}`,
    risk: "disruptive",
    units,
    warnings:
      defined.length === 0
        ? []
        : [
            `${defined.join(", ")}: limits in a compose file, stack or app stay there, and hold when it is made anew. Take them out there, too.`,
          ],
    undo: "The limits are set again. Nothing is restarted either way.",
    blast: { containers: units.length, files: 0, bytes: 0 },
  };

  async function partOf({
    host,
    container: name,
    wanted,
  }: (typeof kept)[number]): Promise<{ unit: Unit; found: ContainerInspected | null }> {
    const found = await inspected(systems.docker.one(host).system, name, signal);
    const quota = keptQuota.parse(JSON.parse(wanted));
    const cgroups = cgroupsOf(systems.cgroup, host);
    const limited = found !== null && hasProcess(found) && quota.io.length > 0 && cgroups !== null;
    const now = limited ? (await cgroups.limits(processOf(found), signal)).io : [];
    const lift = found === null ? null : planLift(found, quota, now);
    const at = { host, name, container_id: quota.container_id, pid: found?.State.Pid ?? 0 };
    const io = lift?.io ?? [];
    const limits = lift?.limits ?? { after: {}, before: {} };
    const unit: Unit = {
      target: { kind: "container", host, name, identity: { container_id: found?.Id ?? quota.container_id } },
      basis:
        found === null
          ? null
          : basisOf(
              found,
              io.map(({ before }) => before),
            ),
      changes: lift?.changes.length ? lift.changes : [`${name}: ${noteOf(found, quota)}`],
      steps: [
        ...(Object.keys(limits.after).length === 0
          ? []
          : [
              {
                step: "limit",
                args: asJsonObject({ ...at, ...limits }),
                does: `Set what ${name} was allowed before`,
                undo: "Limit it again.",
              },
            ]),
        ...io.map((change) => ({
          step: "limit_disk",
          args: asJsonObject({ ...at, ...change }),
          does: `Set what ${name} was allowed to read and write on disk ${change.after.device}`,
          undo: "Limit it again.",
        })),
        { step: "forget", args: { host, name, before: wanted }, does: "Forget the limits", undo: "Remember them." },
      ],
    };
    return { unit, found };
  }
}

const isDefined = ({ Config }: ContainerInspected) => !["plain", "swarm"].includes(managedBy(Config.Labels).by);

/** Why nothing of a container changes. */
function noteOf(found: ContainerInspected | null, { container_id }: KeptQuota): string {
  if (found === null) return "it is gone; only the note of its limits is left";
  if (found.Id !== container_id)
    return "it was made anew and keeps what it was made with; only the note of earlier ones goes";
  return "nothing of its limits is left but the note of them";
}
