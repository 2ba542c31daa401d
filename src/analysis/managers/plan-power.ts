import { StewardError } from "../../shared/errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import { asJsonObject } from "../../shared/json.ts";
import type { Action } from "../containers/control.ts";
import { nameOf } from "../updates/dependants.ts";
import { saved } from "./members.ts";
import { awaiting, type Patience, type Subject } from "./plan.ts";
import { projectBasis } from "./standing.ts";

/** What the tool makes a unit of the gate out of. */
export interface PowerPlan {
  identity: JsonObject;
  basis: JsonObject;
  changes: string[];
  steps: { step: string; args: JsonObject; does: string; undo: string }[];
  warnings: string[];
  undo: string;
  touches: number;
}

const words: Readonly<Record<Action, { does: string; undo: string }>> = {
  start: { does: "start", undo: "Have TrueNAS stop it again." },
  stop: { does: "stop", undo: "Have TrueNAS start it again." },
  restart: { does: "redeploy", undo: "A restart can't be taken back; if it gets stuck, it is started again." },
};

/**
 * Starts, stops or restarts an app of TrueNAS as a whole. Errors: nothing_to_do, conflict (TrueNAS is busy with it),
 * unsupported (Home Steward would stop itself).
 */
export function planPower(subject: Subject, action: Action, own: string | undefined, patience: Patience): PowerPlan {
  const { called, by, ref, project, members } = subject;
  const stopped = project.state === "stopped";
  if (project.busy)
    throw new StewardError(
      "conflict",
      `TrueNAS is busy with ${called}.`,
      "Wait until it has finished, then plan again.",
    );
  if (own !== undefined && members.some(({ Id }) => Id.startsWith(own)) && action !== "start")
    throw new StewardError(
      "unsupported",
      `Home Steward runs in ${called} and would stop itself.`,
      "Do it in TrueNAS itself.",
    );
  if (action === "start" ? !stopped : stopped) throw asItIs(called, action);
  const { does, undo } = words[action];
  const end = action === "stop" ? "stopped" : "running";
  return {
    identity: { by, ref: asJsonObject(ref), to: null, images: [] },
    basis: projectBasis(subject),
    changes: [`${called}: ${project.state} → ${end}`, ...concerned(subject, action)],
    steps: [
      {
        step: `app_${action}`,
        args: asJsonObject({ ref, stopped, members: members.map(saved) }),
        does: `Have TrueNAS ${does} ${called}`,
        undo,
      },
      ...(action === "stop" ? [] : [awaiting(subject, patience)]),
    ],
    warnings:
      action === "stop" ? [`${called}: TrueNAS removes its containers when it stops an app; their data stays.`] : [],
    undo,
    touches: Math.max(1, members.length),
  };
}

function concerned({ called, members }: Subject, action: Action): string[] {
  if (members.length === 0) return [];
  const names = members.map(nameOf).join(", ");
  return [`${action === "stop" ? "Removed until it starts" : "Made again"}, the whole of ${called}: ${names}`];
}

const asItIs = (called: string, action: Action) =>
  action === "start"
    ? new StewardError("nothing_to_do", `The ${called} is running already.`, "A restart would start it anew.")
    : action === "stop"
      ? new StewardError("nothing_to_do", `The ${called} is stopped already.`, "Nothing needs to be done.")
      : new StewardError("unsupported", `The ${called} is stopped.`, "Start it.");
