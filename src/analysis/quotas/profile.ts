import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { fits } from "../bandwidth/alerts.ts";
import { nameOf } from "../updates/dependants.ts";
import { parseReference } from "../updates/reference.ts";

/** What a container may use at the most; null where nothing is said. Bytes are whole. */
export interface Quota {
  cpus: number | null;
  memory_bytes: number | null;
  read_bytes_per_s: number | null;
  write_bytes_per_s: number | null;
}

/** A quota for a kind of container, and how one is known; `*` stands for anything. */
export interface QuotaProfile extends Quota {
  containers: readonly string[];
  /** Without tag, as written: "linuxserver/plex", "*\/plex". */
  images: readonly string[];
  /** "name" or "name=value". */
  labels: readonly string[];
}

/** The first profile that a container's name, image or labels fit; null for none. */
export function profileOf(container: ContainerInspected, profiles: readonly QuotaProfile[]): QuotaProfile | null {
  const name = nameOf(container);
  const image = parseReference(container.Config.Image)?.repository ?? "";
  const labels = Object.entries(container.Config.Labels ?? {});
  const carries = (wanted: string) =>
    labels.some(([key, value]) => fits(wanted, wanted.includes("=") ? `${key}=${value}` : key));
  return (
    profiles.find(
      (profile) =>
        profile.containers.some((pattern) => fits(pattern, name)) ||
        profile.images.some((pattern) => fits(pattern, image)) ||
        profile.labels.some(carries),
    ) ?? null
  );
}
