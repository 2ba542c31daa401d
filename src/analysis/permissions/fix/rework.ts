import { asJsonObject, type JsonObject } from "../../../shared/json.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { ServiceEdit } from "../../managers/edit-compose.ts";
import { type Hardenable, inCompose } from "./harden.ts";

/** What is to be different about a container that is made again; all else of it stays. */
export interface Rework {
  hardening: ReadonlySet<Hardenable>;
  /** Folders in memory, for where its root file system becomes read-only. */
  scratch: readonly string[];
  user: NewUser | null;
  secrets: readonly MovedSecret[];
}

/** Host uid and gid. `variables`: the image starts as root and becomes whom these name (PUID, PGID); null: it gets user: uid:gid. */
export interface NewUser {
  uid: number;
  gid: number;
  variables: { uid: string; gid: string } | null;
}

/**
 * A variable whose value moves into a file of the host, seen by the container read-only as `target`, named by the variable
 * `reads`. Where that is the variable itself, it says it as a URL.
 */
export interface MovedSecret {
  variable: string;
  reads: string;
  /** Absolute, on the host. */
  file: string;
  target: string;
}

/** What nearly every program writes while it runs, where nothing is mounted there yet. */
export const scratchFor = ({ Mounts }: ContainerInspected): string[] =>
  ["/tmp", "/run"].filter((path) => !Mounts.some(({ Destination }) => Destination === path));

/** The arguments of a `create` step, changed. Nothing is taken out but rights and the variables that move. */
export function reworked(create: JsonObject, { hardening, scratch, user, secrets }: Rework): JsonObject {
  const body = fields(create.body);
  const host = fields(body.HostConfig);
  const mounts = secrets.map(({ file, target }) => ({ Type: "bind", Source: file, Target: target, ReadOnly: true }));
  const more = {
    ...(hardening.has("new_privileges") && { SecurityOpt: [...list(host.SecurityOpt), "no-new-privileges:true"] }),
    ...(hardening.has("capabilities_kept") && { CapDrop: ["ALL"] }),
    ...(hardening.has("writable_rootfs") && {
      ReadonlyRootfs: true,
      Tmpfs: { ...Object.fromEntries(scratch.map((path) => [path, ""])), ...fields(host.Tmpfs) },
    }),
    // Not as Binds: the engine makes a folder of a bind whose file is missing.
    ...(mounts.length > 0 && { Mounts: [...list(host.Mounts), ...mounts] }),
  };
  return asJsonObject({
    ...create,
    body: { ...body, ...(user?.variables === null && { User: idsOf(user) }), HostConfig: { ...host, ...more } },
    without_env: [...list(create.without_env), ...secrets.map(({ variable }) => variable)],
    with_env: { ...fields(create.with_env), ...variablesOf(user), ...namesOf(secrets) },
  });
}

/** The same for a service of a compose file. */
export function reworkedService({ hardening, scratch, user, secrets }: Rework): ServiceEdit {
  const variables = variablesOf(user);
  return {
    ...(user?.variables === null && { user: idsOf(user) }),
    ...(Object.keys(variables).length > 0 && { environment: variables }),
    ...(hardening.has("new_privileges") && { security_opt: ["no-new-privileges:true"] }),
    ...(hardening.has("capabilities_kept") && { cap_drop: ["ALL"] }),
    ...(hardening.has("writable_rootfs") && { read_only: true, ...(scratch.length > 0 && { tmpfs: scratch }) }),
    ...(secrets.length > 0 && {
      secrets: secrets.map((secret) => ({
        variable: secret.variable,
        reads: secret.reads,
        name: secret.target.split("/").at(-1) ?? "",
        file: secret.file,
      })),
    }),
  };
}

/** Each change for a person, in compose's words; never a value of a secret. */
export function sayRework(name: string, { hardening, scratch, user, secrets }: Rework): string[] {
  const set = Object.entries(variablesOf(user)).map(([variable, value]) => `environment: ${variable}=${value}`);
  return [
    ...(user?.variables === null ? [`user: "${idsOf(user)}"`] : set),
    ...[...hardening].map((check) => inCompose[check]),
    ...(hardening.has("writable_rootfs") && scratch.length > 0 ? [`tmpfs: [${scratch.join(", ")}]`] : []),
    ...secrets.map((secret) => `environment: ${secret.reads}=${saidOf(secret)}, in place of ${secret.variable}`),
  ].map((line) => `${name}: + ${line}`);
}

const idsOf = ({ uid, gid }: NewUser) => `${uid}:${gid}`;

const variablesOf = (user: NewUser | null): Record<string, string> =>
  user?.variables ? { [user.variables.uid]: String(user.uid), [user.variables.gid]: String(user.gid) } : {};

const namesOf = (secrets: readonly MovedSecret[]): Record<string, string> =>
  Object.fromEntries(secrets.map((secret) => [secret.reads, saidOf(secret)]));

const saidOf = ({ variable, reads, target }: MovedSecret): string => (reads === variable ? `file://${target}` : target);

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
