import type { Managers, ProjectRef } from "../../systems/managers/port.ts";

/** What each manager's projects are called, and its own name. */
const words: Readonly<Record<keyof Managers, { kind: string; who: string }>> = {
  truenas: { kind: "app", who: "TrueNAS" },
  portainer: { kind: "stack", who: "Portainer" },
  compose: { kind: "project", who: "compose" },
};

export const kindOf = (by: keyof Managers): string => words[by].kind;
export const whoOf = (by: keyof Managers): string => words[by].who;

/** As people call it: the app plex is the project ix-plex. */
export const titleOf = (by: keyof Managers, { project }: ProjectRef): string =>
  by === "truenas" ? project.replace(/^ix-/, "") : project;
