import type { Engine } from "./engine.ts";
import { type Attachment, type Container, type Fields, fields, type Image, isFields, Refusal, texts } from "./model.ts";
import { macOf, publishedPorts } from "./networks.ts";

const never = "0001-01-01T00:00:00Z";
/** RFC 3339 with nanoseconds, as the engine writes times. */
export const instant = (ms: number) => (ms === 0 ? never : new Date(ms).toISOString().replace("Z", "000000Z"));

function healthOf(engine: Engine, container: Container): "starting" | "healthy" | "unhealthy" | null {
  const check = container.config.Healthcheck;
  if (!isFields(check) || texts(check.Test)[0] === "NONE" || container.run.started_ms === 0) return null;
  if (container.run.status !== "running") return "unhealthy";
  const age = engine.now() - container.run.started_ms;
  return age < engine.health_after_ms ? "starting" : container.image.behaviour.health;
}

/** `GET /containers/{id}/json` */
export function inspected(engine: Engine, container: Container, api: number): Fields {
  const { run, config } = container;
  const command = [...texts(config.Entrypoint), ...texts(config.Cmd)];
  const folder = `/var/lib/docker/containers/${container.id}`;
  const ranOnce = run.started_ms !== 0;
  return {
    Id: container.id,
    Created: instant(container.created_ms),
    Path: command[0] ?? "",
    Args: command.slice(1),
    State: {
      Status: run.status,
      Running: run.status === "running" || run.status === "restarting",
      Paused: false,
      Restarting: run.status === "restarting",
      OOMKilled: run.oom,
      Dead: false,
      Pid: run.pid,
      ExitCode: run.exit_code,
      Error: "",
      StartedAt: instant(run.started_ms),
      FinishedAt: instant(run.finished_ms),
      ...health(engine, container),
    },
    Image: container.image.id,
    ResolvConfPath: ranOnce ? `${folder}/resolv.conf` : "",
    HostnamePath: ranOnce ? `${folder}/hostname` : "",
    HostsPath: ranOnce ? `${folder}/hosts` : "",
    LogPath: ranOnce ? `${folder}/${container.id}-json.log` : "",
    Name: `/${container.name}`,
    RestartCount: run.restarts,
    Driver: "overlay2",
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "docker-default",
    ExecIDs: null,
    HostConfig: container.host,
    GraphDriver: { Data: {}, Name: "overlay2" },
    Mounts: container.mounts,
    Config: config,
    NetworkSettings: {
      SandboxID: "",
      SandboxKey: "",
      Ports: run.status === "running" ? portMap(container) : {},
      Networks: endpoints(engine, container, api),
    },
  };
}

/** `GET /containers/{id}/top`, asked for "-eo pid,uid" */
export function topOf({ run, config, image }: Container): Fields {
  if (run.status !== "running") throw new Refusal(409, "container is not running");
  const user = Number.parseInt(String(config.User ?? ""), 10);
  return { Titles: ["PID", "UID"], Processes: [[String(run.pid), String(user || image.behaviour.becomes_uid || 0)]] };
}

/** One row of `GET /containers/json` */
export function listed(engine: Engine, container: Container, api: number): Fields {
  const { config, host } = container;
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    // An image that lost its tag is shown by its id.
    Image: isStill(engine, container) ? config.Image : container.image.id,
    ImageID: container.image.id,
    Command: [...texts(config.Entrypoint), ...texts(config.Cmd)].join(" "),
    Created: Math.floor(container.created_ms / 1000),
    Ports: container.run.status === "running" ? portList(container) : [],
    Labels: fields(config.Labels),
    State: container.run.status,
    Status: statusLine(engine, container),
    HostConfig: { NetworkMode: host.NetworkMode },
    NetworkSettings: { Networks: withoutNames(endpoints(engine, container, api)) },
    Mounts: container.mounts,
  };
}

/** `GET /images/{name}/json` */
export function imageShown(engine: Engine, image: Image): Fields {
  const tags = [...engine.tags].filter(([, id]) => id === image.id).map(([tag]) => tag);
  const config = { Hostname: "", User: "", Env: null, Cmd: null, Volumes: null, WorkingDir: "", Entrypoint: null };
  return {
    Id: image.id,
    RepoTags: tags,
    RepoDigests: [`${image.repository}@${image.digest}`],
    Parent: "",
    Comment: "buildkit.dockerfile.v0",
    Created: instant(image.created_ms),
    DockerVersion: "",
    Author: "",
    Config: { ...config, OnBuild: null, Labels: null, ...image.config },
    Architecture: "amd64",
    Os: "linux",
    Size: image.size_bytes,
    GraphDriver: { Data: {}, Name: "overlay2" },
    RootFS: { Type: "layers", Layers: [image.id] },
    Metadata: { LastTagTime: instant(image.created_ms) },
  };
}

function health(engine: Engine, container: Container): Fields {
  const status = healthOf(engine, container);
  if (status === null) return {};
  const failing = status === "unhealthy" && container.run.status === "running";
  const end = container.run.started_ms + engine.health_after_ms;
  const log = { Start: instant(end - 80), End: instant(end), ExitCode: failing ? 1 : 0, Output: "" };
  const checked = status === "starting" ? [] : [{ ...log, Output: failing ? "curl: (7) Connection refused" : "ok" }];
  return { Health: { Status: status, FailingStreak: failing ? 3 : 0, Log: checked } };
}

function endpoints(engine: Engine, container: Container, api: number): Record<string, Fields> {
  return Object.fromEntries(
    container.attached.map((one) => [one.network, endpoint(engine, container, one, api)] as const),
  );
}

function endpoint(engine: Engine, container: Container, one: Attachment, api: number): Fields {
  const { asked, address } = one;
  const network = engine.networks.get(one.network);
  const [ran, short] = [container.run.started_ms !== 0, container.id.slice(0, 12)];
  const plain = network?.name === "bridge" || network?.driver !== "bridge";
  const names = plain ? [] : [...texts(asked.Aliases), short];
  // Before API 1.45 the short id counted as an alias, since then there is a list of its own.
  const aliases = api < 45 && ran && !plain ? names : (asked.Aliases ?? null);
  return {
    IPAMConfig: asked.IPAMConfig ?? null,
    Links: asked.Links ?? null,
    Aliases: aliases,
    NetworkID: ran ? (network?.id ?? "") : "",
    EndpointID: address === null ? "" : one.endpoint_id,
    Gateway: address === null ? "" : `${network?.subnet}.1`,
    IPAddress: address ?? "",
    IPPrefixLen: address === null ? 0 : 24,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    MacAddress: typeof asked.MacAddress === "string" ? asked.MacAddress : address === null ? "" : macOf(address),
    DriverOpts: asked.DriverOpts ?? null,
    ...(api >= 44 ? { DNSNames: plain ? null : [container.name, ...names] } : {}),
  };
}

/** Lists leave the names out. */
const withoutNames = (networks: Record<string, Fields>): Fields =>
  Object.fromEntries(
    Object.entries(networks).map(([name, { DNSNames: _, ...one }]) => [name, { ...one, Aliases: null }]),
  );

function portMap(container: Container): Fields {
  const exposed = Object.keys(fields(container.config.ExposedPorts));
  const map: Record<string, { HostIp: string; HostPort: string }[] | null> = Object.fromEntries(
    exposed.map((port) => [port, null]),
  );
  for (const { inside, hostPort } of publishedPorts(container))
    map[inside] = ["0.0.0.0", "::"].map((HostIp) => ({ HostIp, HostPort: hostPort }));
  return container.attached.length === 0 || container.host.NetworkMode === "host" ? {} : map;
}

function portList(container: Container): Fields[] {
  return Object.entries(portMap(container)).flatMap(([inside, bindings]) => {
    const [port, type = "tcp"] = inside.split("/");
    const own = { PrivatePort: Number(port), Type: type };
    if (!Array.isArray(bindings)) return [own];
    return bindings.map(({ HostIp, HostPort }) => ({ IP: HostIp, ...own, PublicPort: Number(HostPort) }));
  });
}

function isStill(engine: Engine, { config, image }: Container): boolean {
  try {
    return engine.image(config.Image).id === image.id;
  } catch {
    return false;
  }
}

function statusLine(engine: Engine, container: Container): string {
  const { run } = container;
  const ago = (ms: number) => {
    const seconds = Math.max(1, Math.floor((engine.now() - ms) / 1000));
    if (seconds < 60) return `${seconds} seconds`;
    if (seconds < 7200) return `${Math.floor(seconds / 60)} minutes`;
    return seconds < 172_800 ? `${Math.floor(seconds / 3600)} hours` : `${Math.floor(seconds / 86_400)} days`;
  };
  const state = healthOf(engine, container);
  if (run.status === "created") return "Created";
  if (run.status === "restarting") return `Restarting (${run.exit_code}) ${ago(run.finished_ms)} ago`;
  if (run.status === "exited") return `Exited (${run.exit_code}) ${ago(run.finished_ms)} ago`;
  const shown = state === null ? "" : ` (${state === "starting" ? "health: starting" : state})`;
  return `Up ${ago(run.started_ms)}${shown}`;
}
