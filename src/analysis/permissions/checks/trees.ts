import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import { nameOf } from "../../updates/dependants.ts";
import { segmentsOf } from "../paths.ts";

/**
 * The folders of the machine that a container calls its own: one of its path's segments is its name, or it is mounted
 * as its settings. Anything else may well be shared on purpose (a library, downloads).
 */
export function ownTrees(container: ContainerInspected): string[] {
  const names = namesOf(container);
  return container.Mounts.flatMap(({ Type, Source, Destination }) => {
    if (Type !== "bind" || Source === undefined) return [];
    const named = segmentsOf(Source).some((segment) => names.has(segment.toLowerCase()));
    return named || Destination === "/config" ? [Source] : [];
  });
}

/** A container's name, and its service's in compose ("media-plex-1" is plex). */
function namesOf(container: ContainerInspected): Set<string> {
  const service = container.Config.Labels?.["com.docker.compose.service"];
  return new Set([nameOf(container), ...(service === undefined ? [] : [service])].map((name) => name.toLowerCase()));
}

/** Containers of one compose project are one application. */
export function sameProject(one: ContainerInspected, other: ContainerInspected): boolean {
  const project = one.Config.Labels?.["com.docker.compose.project"];
  return project !== undefined && project === other.Config.Labels?.["com.docker.compose.project"];
}
