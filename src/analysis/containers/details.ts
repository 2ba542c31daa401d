import { cleanLine } from "../../shared/text.ts";
import type { ContainerInspected, ImageInspected } from "../../systems/docker/shapes.ts";
import { hideSecrets, hideSecretsInLines } from "../security/hide-secrets.ts";
import { secretValues } from "../security/secret-values.ts";
import { parseReference, pulledDigests, shortId } from "../updates/reference.ts";
import { cpuLimit, memoryLimit } from "./limits.ts";
import { managedBy } from "./managed-by.ts";

/** All the rest about one container. Values of environment and labels are left out: they hold secrets. */
export interface ContainerDetails {
  id: string;
  image_id: string;
  /** As pulled from its registry; null for an image built or loaded here, or no longer present. */
  digest: string | null;
  created_at: string;
  command: string;
  /** "0.0.0.0:32400 → 32400/tcp"; without an address in front it is exposed only. */
  ports: string[];
  /** "/mnt/media → /data (bind, read-only)". */
  mounts: string[];
  /** "" is what the image says, mostly root. */
  user: string;
  /** "container:gluetun" where it uses another container's; that one's short id where it is gone. */
  networks: string[];
  restart_policy: string;
  privileged: boolean;
  memory_limit_bytes: number | null;
  cpu_limit: number | null;
  pids_limit: number | null;
  project: string | null;
  managed_because: string;
  env_names: string[];
  /** Why the engine could not start it: text from outside. */
  outside_error: string | null;
  /** What its last healthcheck printed while it is unhealthy: text from outside. */
  outside_health: string | null;
}

/** `owner` is the name of the container whose network it uses, where known: see {@link networkOwner}. */
export function details(
  container: ContainerInspected,
  image: ImageInspected | undefined,
  owner?: string,
): ContainerDetails {
  const { Config, HostConfig, NetworkSettings } = container;
  const manager = managedBy(Config.Labels);
  const repository = parseReference(Config.Image)?.repository;
  return {
    id: shortId(container.Id),
    image_id: shortId(container.Image),
    digest: (repository !== undefined && pulledDigests(image?.RepoDigests, repository)[0]) || null,
    created_at: container.Created,
    command: cleanLine(hideSecrets([...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])].join(" ")), 200),
    ports: ports(NetworkSettings.Ports ?? {}),
    mounts: container.Mounts.map(({ Type, Name, Source, Destination, RW }) =>
      cleanLine(`${Type === "volume" ? Name : Source} → ${Destination} (${Type}${RW ? "" : ", read-only"})`, 300),
    ),
    user: cleanLine(Config.User ?? "", 64),
    networks: [networkMode(container, owner), ...Object.keys(NetworkSettings.Networks)]
      .filter((name, at, all) => name !== "default" && all.indexOf(name) === at)
      .map((name) => cleanLine(name, 100)),
    restart_policy: HostConfig.RestartPolicy?.Name || "no",
    privileged: HostConfig.Privileged,
    memory_limit_bytes: memoryLimit(HostConfig),
    cpu_limit: cpuLimit(HostConfig),
    pids_limit: HostConfig.PidsLimit && HostConfig.PidsLimit > 0 ? HostConfig.PidsLimit : null,
    project: manager.name === null ? null : cleanLine(manager.name, 100),
    managed_because: manager.evidence,
    env_names: (Config.Env ?? []).map((entry) => cleanLine(entry.split("=", 1)[0] ?? "", 100)),
    outside_error: container.State.Error === "" ? null : cleanLine(container.State.Error, 300),
    outside_health: lastProbe(container),
  };
}

/** The container whose network this one uses, as the engine has it (its full id, mostly); null when none's. */
export function networkOwner({ HostConfig }: ContainerInspected): string | null {
  return /^container:(.+)$/.exec(HostConfig.NetworkMode)?.[1] ?? null;
}

function lastProbe({ State, Config }: ContainerInspected): string | null {
  const probe = State.Health?.Status === "unhealthy" ? State.Health.Log?.at(-1) : undefined;
  if (probe === undefined) return null;
  const [said = ""] = hideSecretsInLines([probe.Output], secretValues(Config.Env ?? []));
  return cleanLine(`exit code ${probe.ExitCode}: ${said}`, 300);
}

function networkMode(container: ContainerInspected, owner: string | undefined): string {
  const id = networkOwner(container);
  if (id === null) return container.HostConfig.NetworkMode;
  return `container:${owner ?? (/^[0-9a-f]{64}$/.test(id) ? shortId(id) : id)}`;
}

function ports(published: NonNullable<ContainerInspected["NetworkSettings"]["Ports"]>): string[] {
  return Object.entries(published).flatMap(([port, hosts]) =>
    hosts?.length ? hosts.map(({ HostIp, HostPort }) => `${HostIp || "0.0.0.0"}:${HostPort} → ${port}`) : [port],
  );
}
