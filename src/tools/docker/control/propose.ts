import { type Action, checkControl, controlBasis, controlWarnings } from "../../../analysis/containers/control.ts";
import type { Proposal } from "../../../confirm/define.ts";
import type { ToolContext } from "../../define.ts";
import { hostOf } from "../find.ts";
import { readContainers } from "../read-containers.ts";

const words: Readonly<Record<Action, { title: string; undo: string }>> = {
  start: { title: "Start", undo: "Stop it again." },
  stop: { title: "Stop", undo: "Start it again." },
  restart: { title: "Restart", undo: "A restart can't be taken back; if it gets stuck, it is started again." },
};

/** A plan of one step on one container. */
export async function proposeControl(
  wish: { container: string; action: Action; host?: string | undefined },
  { systems, settings, signal }: ToolContext,
): Promise<Proposal> {
  const { container: name, action } = wish;
  const host = await hostOf(systems.docker, name, wish.host);
  const { system } = systems.docker.one(host);
  const container = await system.inspect(name, signal);
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
