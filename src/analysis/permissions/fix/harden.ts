import { asJsonObject, type JsonObject } from "../../../shared/json.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import { managedBy } from "../../containers/managed-by.ts";
import { nameOf } from "../../updates/dependants.ts";
import { passing } from "../../updates/eligible.ts";
import type { CheckName } from "../catalogue.ts";

/** The findings that are mended by making the container again, with less than it had. */
export const hardenable = ["new_privileges", "capabilities_kept", "writable_rootfs"] as const satisfies CheckName[];
export type Hardenable = (typeof hardenable)[number];

/** As compose writes it. */
export const inCompose: Readonly<Record<Hardenable, string>> = {
  new_privileges: "security_opt: [no-new-privileges:true]",
  capabilities_kept: "cap_drop: [ALL]",
  writable_rootfs: "read_only: true, tmpfs: [/tmp, /run]",
};

/** A create request with less: nothing that was there is taken out but rights. */
export function hardened(create: JsonObject, checks: ReadonlySet<Hardenable>): JsonObject {
  const body = fields(create.body);
  const host = fields(body.HostConfig);
  const list = (value: unknown) => (Array.isArray(value) ? value : []);
  const more = {
    ...(checks.has("new_privileges") && { SecurityOpt: [...list(host.SecurityOpt), "no-new-privileges:true"] }),
    ...(checks.has("capabilities_kept") && { CapDrop: ["ALL"] }),
    ...(checks.has("writable_rootfs") && {
      ReadonlyRootfs: true,
      // What nearly every program writes while it runs; its own mounts stay as they are.
      Tmpfs: { "/tmp": "", "/run": "", ...fields(host.Tmpfs) },
    }),
  };
  return asJsonObject({ ...create, body: { ...body, HostConfig: { ...host, ...more } } });
}

/** Why a container is not made again here, in our own words; null where nothing stands against it. */
export function unhardenable(
  container: ContainerInspected,
  around: { names: readonly string[]; own: string | undefined; dependants: readonly ContainerInspected[] },
): string | null {
  const { fresh, aside } = passing(nameOf(container));
  const { by } = managedBy(container.Config.Labels);
  if (around.own !== undefined && [container, ...around.dependants].some(({ Id }) => Id.startsWith(around.own ?? "")))
    return "Home Steward runs in it, or shares its network";
  if (by === "truenas") return "TrueNAS makes it from its app's settings, and would put them back: change it there";
  if (by === "portainer")
    return "Portainer makes it from its stack, and would put it back: change the stack's file there";
  if (by === "swarm") return "it is a task of a swarm: use docker service update";
  if (container.HostConfig.AutoRemove) return "it was started with --rm, so stopping it deletes it";
  if (container.State.Paused || container.State.Dead) return "it is paused or being removed";
  if (around.names.includes(fresh) || around.names.includes(aside))
    return `a container of an interrupted change is still there (${fresh} or ${aside})`;
  return null;
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
