import type { JsonObject } from "../../shared/json.ts";
import { asJsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { keepStep } from "../updates/keep.ts";
import { shortId } from "../updates/reference.ts";
import type { UpdateStep } from "../updates/steps.ts";
import type { Membership } from "./members.ts";
import { saved, serviceOf } from "./members.ts";
import { projectBasis, type Situation } from "./standing.ts";
import { whoOf } from "./words.ts";

/** A project to be changed: whose it is, what people call it, and where it stands. */
export interface Subject extends Situation, Membership {
  /** "app plex" */
  called: string;
}

/** What the steps wait for, in seconds. */
export interface Patience {
  timeout_s: number;
  settle_s: number;
}

/** A newer image for one container of a project. */
export interface NewImage {
  container: ContainerInspected;
  repository: string;
  tag: string;
  /** Which the registry serves now. */
  remote: string;
  /** Its definition is another one by now than it was made from. */
  redefined: boolean;
}

/** The steps of an update through a manager, besides those that any update has. */
export type ProjectStep = "upgrade_app" | "exchange_images" | "await_project";

/** What the tool makes a unit of the gate out of. */
export interface ManagedPlan {
  identity: JsonObject;
  basis: JsonObject;
  changes: string[];
  steps: { step: ProjectStep | UpdateStep["step"]; args: JsonObject; does: string; undo: string }[];
  warnings: string[];
  undo: string;
  touches: number;
}

/** An app of TrueNAS to a newer version of its own: TrueNAS knows what else that takes. */
export function planUpgrade(subject: Subject, to: string, patience: Patience): ManagedPlan {
  const { called, ref, project, members } = subject;
  const from = project.deployed;
  return {
    ...whole(subject, { to, images: [] }),
    changes: [`${called}: version ${from} → ${to}`, ...madeAgain(members)],
    steps: [
      ...keeping(members),
      {
        step: "upgrade_app",
        args: asJsonObject({ ref, from, to, members: members.map(saved) }),
        does: `Have TrueNAS upgrade ${called} to ${to}`,
        undo: `Have TrueNAS roll ${called} back to ${from}, its own volumes to their snapshot of before`,
      },
      awaiting(subject, patience),
    ],
    warnings: [
      downtime(subject, members.map(nameOf), patience),
      `${called}: rolling back loses what the new version wrote to the app's own volumes (ix-volumes) and snapshots of ` +
        "them made meanwhile. What lies in folders of the host (host paths) stays as the new version leaves it.",
    ],
    undo: `If ${called} does not become well, it is rolled back by itself, through TrueNAS.`,
  };
}

/** The same definition on newer images of its tags: they are pulled as approved, and the manager makes the containers again. */
export function planExchange(subject: Subject, images: readonly NewImage[], patience: Patience): ManagedPlan {
  const { by, called, ref, members, project } = subject;
  const exchanged = images.map(({ container, repository, tag, remote }) => ({
    name: nameOf(container),
    service: serviceOf(container),
    image: `${repository}@${remote}`,
    repository,
    tag,
    // Not what the tag meant here: the manager makes the old container again from whatever the tag says.
    from: container.Image,
  }));
  return {
    ...whole(subject, { to: null, images: exchanged.map(({ name, image }) => ({ name, image })) }),
    changes: [
      ...images.map(
        ({ container, repository, tag, remote }) =>
          `${nameOf(container)}: ${repository}:${tag}, image ${shortId(container.Image)} → the one with digest ${shortId(remote)}`,
      ),
      ...images.flatMap(({ container, redefined }) => (redefined ? [broughtAlong(nameOf(container))] : [])),
      ...alongWith(subject, images),
    ],
    steps: [
      ...images.map(({ container }) => keepStep(nameOf(container), container.Image)),
      ...exchanged.map(({ image }) => ({
        step: "pull" as const,
        args: { image },
        does: `Pull ${image}`,
        undo: "The pulled image stays; nothing uses it.",
      })),
      {
        step: "exchange_images",
        args: asJsonObject({ by, ref, images: exchanged, members: members.map(saved) }),
        does: `Let ${exchanged.map(({ repository, tag }) => `${repository}:${tag}`).join(", ")} mean the new image, and have ${called} deployed again`,
        undo: `Let the tag mean the old image again, and have ${called} deployed once more`,
      },
      awaiting(subject, patience),
    ],
    warnings: [
      downtime(subject, (by === "truenas" ? members : images.map(({ container }) => container)).map(nameOf), patience),
      ...startedWithIt(subject),
      ...project.notes.map((note) => `${called}: ${note}`),
    ],
    undo: `If ${called} does not become well, its tags get the old images back by themselves and it is deployed again.`,
  };
}

const whole = (subject: Subject, wanted: JsonObject) => ({
  identity: { by: subject.by, ref: asJsonObject(subject.ref), ...wanted },
  basis: projectBasis(subject),
  touches: Math.max(1, subject.members.length),
});

/** Whether one ended because its work is done, or because somebody stopped it, nobody can tell. */
export const startedWithIt = ({ members }: Subject) => {
  const down = members.filter(({ State }) => !State.Running).map(nameOf);
  return down.length === 0 ? [] : [`Stopped now, and started with the rest: ${down.join(", ")}.`];
};

/** The last step of whatever leaves a project running. */
export const awaiting = ({ by, ref, called, members }: Subject, patience: Patience) => ({
  step: "await_project" as const,
  args: asJsonObject({ by, ref, called, members: members.map(saved), ...patience }),
  does: `Wait up to ${patience.timeout_s} s until ${called} is well`,
  undo: "Nothing to undo",
});

const keeping = (members: readonly ContainerInspected[]) =>
  [...new Map(members.map((one) => [one.Image, one])).values()].map((one) => keepStep(nameOf(one), one.Image));

const madeAgain = (members: readonly ContainerInspected[]) =>
  members.length === 0 ? [] : [`Made again by TrueNAS: ${members.map(nameOf).join(", ")}`];

export const broughtAlong = (name: string) =>
  `${name}: its compose file defines it in another way than it runs now. That comes along, and stays if it is put back`;

/** TrueNAS makes all containers of an app anew; compose, by whomever it is run, those about which something changed. */
export function alongWith({ by, members }: Subject, changed: readonly { container: ContainerInspected }[]): string[] {
  if (by === "truenas") return madeAgain(members);
  if (by === "compose") return [];
  const others = members
    .filter((one) => !changed.some(({ container }) => nameOf(container) === nameOf(one)))
    .map(nameOf);
  return others.length === 0
    ? []
    : [`${whoOf(by)} deploys all of it; what did not change goes on: ${others.join(", ")}`];
}

export const downtime = ({ called }: Subject, concerned: readonly string[], { timeout_s }: Patience) =>
  `Down while it is deployed, and for at most ${timeout_s} s until it is well or put back: ${concerned.join(", ") || called}.`;
