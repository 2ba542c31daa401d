import { type Action, checkControl, controlBasis, controlWarnings } from "../../../analysis/containers/control.ts";
import type { Proposal } from "../../../confirm/define.ts";
import type { ToolContext } from "../../define.ts";
import { placeOf } from "../managers/find-app.ts";
import { readContainers } from "../read-containers.ts";
import { proposePower } from "./propose-power.ts";

const words: Readonly<Record<Action, { title: string; undo: string }>> = {
  start: { title: "Start", undo: "Stop it again." },
  stop: { title: "Stop", undo: "Start it again." },
  restart: { title: "Restart", undo: "A restart can't be taken back; if it gets stuck, it is started again." },
};

/** A plan of one step on one container, or on the app of TrueNAS that it is of. */
export async function proposeControl(
  wish: { container: string; action: Action; host?: string | undefined },
  context: ToolContext,
): Promise<Proposal> {
  const { systems, settings, signal } = context;
  const { container: name, action } = wish;
  const { host, container, member } = await placeOf(name, wish.host, systems, signal);
  if (member?.by === "truenas") return proposePower({ host, member, action }, context);
  if (container === null) throw new Error("a place is a container or an app");
  const { system } = systems.docker.one(host);
  checkControl(action, container, settings.ownContainer);
  const { title, undo } = words[action];
  return {
    title: `${title} container ${name} on ${host}`,
    risk: "disruptive",
    units: [
      {
        target: { kind: "container", host, name, identity: { container_id: container.Id, image_id: container.Image } },
        basis: controlBasis(container),
        changes: [
          `${name}: ${container.State.Running ? "running" : "stopped"} → ${action === "stop" ? "stopped" : "running"}`,
        ],
        steps: [
          { step: action, args: { host, name, was_running: container.State.Running }, does: `${title} ${name}`, undo },
        ],
      },
    ],
    warnings: controlWarnings(action, container, await readContainers(system, { signal })),
    undo,
    blast: { containers: 1, files: 0, bytes: 0 },
  };
}
