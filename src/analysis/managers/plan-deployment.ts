import type { JsonObject } from "../../shared/json.ts";
import { asJsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { type DefinitionChange, sayDefinition } from "./definition-change.ts";
import { deploymentBasis, redeployedOf } from "./deployment.ts";
import { isAsDefined, saved, serviceOf } from "./members.ts";
import { alongWith, awaiting, broughtAlong, downtime, type Patience, type Subject, startedWithIt } from "./plan.ts";
import { whoOf } from "./words.ts";

/** A step of a plan, whose args may lack the host. */
export interface PlannedStep {
  step: string;
  args: JsonObject;
  does: string;
  undo: string;
}

/** A project, its file as it was read, and the containers that are to be made again by a changed one. */
export interface Deploying {
  subject: Subject;
  text: string;
  change: DefinitionChange;
  containers: readonly ContainerInspected[];
  /** Steps before anything is stopped. */
  before: readonly PlannedStep[];
  /** Steps while the containers are down. Where there are none nothing is stopped for them. */
  while_down: readonly PlannedStep[];
}

/** The changed file is deployed as one step. Undone, other steps are taken back while the containers are down again. */
export function planDeployment(
  { subject, text, change, containers, before, while_down }: Deploying,
  patience: Patience,
): { identity: JsonObject; basis: JsonObject; changes: string[]; steps: PlannedStep[]; warnings: string[] } {
  const { by, ref, members, project } = subject;
  const names = containers.map(nameOf);
  const made = by === "truenas" ? members.map(nameOf) : names;
  const down = while_down.length > 0;
  const of = containers.map((container) => redeployedOf(container, subject));
  const redefined = containers.filter((one) => project.defined !== undefined && !isAsDefined(one, project.defined));
  return {
    identity: asJsonObject({ by, ref, change, of }),
    basis: deploymentBasis({ ...subject, text }),
    changes: [
      `${byWhat(subject)} ${whoOf(by)} makes ${names.join(", ")}, deployed at once:`,
      // TrueNAS shows them in an order of its own.
      ...sayDefinition(change).map((line) => (by === "truenas" ? line.replace(/^line \d+: /, "") : line)),
      ...redefined.map((one) => broughtAlong(nameOf(one))),
      ...alongWith(
        subject,
        containers.map((container) => ({ container })),
      ),
    ],
    steps: [
      ...before,
      ...(down ? stopping(subject, containers) : []),
      ...while_down,
      {
        step: "deploy",
        args: asJsonObject({ by, ref, change, of, members: members.map(saved), down }),
        does: `Have ${whoOf(by)} keep the changed file, and make ${names.join(", ")} by it`,
        undo: `Put the file back as it was, byte for byte, and have ${whoOf(by)} deploy it once more`,
      },
      awaiting(subject, patience),
    ],
    warnings: [downtime(subject, made, patience), ...(by === "compose" ? [] : startedWithIt(subject))],
  };
}

const byWhat = ({ project }: Subject) =>
  project.from_chart === true ? "The answers to the chart by which" : "The file by which";

/** An app of TrueNAS stops and starts whole. */
function stopping({ by, ref, called, members }: Subject, containers: readonly ContainerInspected[]): PlannedStep[] {
  if (by === "truenas")
    return [
      {
        step: "app_stop",
        args: asJsonObject({ ref, stopped: false, members: members.map(saved) }),
        does: `Have TrueNAS stop ${called}`,
        undo: `Have TrueNAS start ${called} again`,
      },
    ];
  return containers
    .filter(({ State }) => State.Running)
    .map((container) => ({
      step: "stop",
      args: { name: nameOf(container) },
      does: `Stop ${nameOf(container)}`,
      undo: `Start ${nameOf(container)} again`,
    }));
}

/** What an owner answers to a chart holds for all containers of the app, and a service's definition for all of the service. */
export function alike({ by, project, members }: Subject, containers: readonly ContainerInspected[]): string | null {
  const others = members.filter(({ Id }) => !containers.some((one) => one.Id === Id));
  if (project.from_chart === true) {
    const other = others.find(({ State }) => State.Running);
    return other === undefined ? null : `its chart says it for ${nameOf(other)} alike, which is not asked for`;
  }
  const services = by === "truenas" ? [] : containers.map(serviceOf);
  const twin = others.find((one) => services.includes(serviceOf(one)));
  if (twin === undefined) return null;
  return `${nameOf(twin)} is of the same service and would be made again alike, which is not asked for: change its file by hand`;
}
