import { type Container, type Fields, fields, type Image, idOf, isFields, type Mount, texts } from "./model.ts";

/** What an engine fills in where a create leaves it out (as 20.10 shows it). */
const hostDefaults: Fields = {
  Binds: null,
  ContainerIDFile: "",
  LogConfig: { Type: "json-file", Config: {} },
  NetworkMode: "default",
  PortBindings: null,
  RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
  AutoRemove: false,
  VolumeDriver: "",
  VolumesFrom: null,
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: "private",
  Dns: null,
  DnsOptions: null,
  DnsSearch: null,
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: "private",
  Cgroup: "",
  Links: null,
  OomScoreAdj: 0,
  PidMode: "",
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: "",
  UsernsMode: "",
  ShmSize: 67_108_864,
  Runtime: "runc",
  Memory: 0,
  NanoCpus: 0,
  CgroupParent: "",
  BlkioWeight: 0,
  CpuPeriod: 0,
  CpuQuota: 0,
  CpusetCpus: "",
  CpusetMems: "",
  Devices: null,
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  OomKillDisable: null,
  PidsLimit: null,
  Ulimits: null,
  MaskedPaths: ["/proc/acpi", "/proc/kcore", "/sys/firmware"],
  ReadonlyPaths: ["/proc/bus", "/proc/fs", "/proc/sys"],
};

const configDefaults: Fields = {
  Domainname: "",
  User: "",
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Env: null,
  Cmd: null,
  Volumes: null,
  WorkingDir: "",
  Entrypoint: null,
  OnBuild: null,
  Labels: {},
};

/** The container's configuration: what was asked, then the image's for what was left out (moby's merge rules). */
export function mergedConfig(asked: Fields, image: Image, id: string): Container["config"] {
  const { config } = image;
  const { HostConfig, NetworkingConfig, ...own } = asked;
  const env = texts(own.Env);
  const known = new Set(env.map((entry) => entry.split("=", 1)[0]));
  const inherited = (config.Env ?? []).filter((entry) => !known.has(entry.split("=", 1)[0]));
  const entrypoint = texts(own.Entrypoint);
  const cmd = texts(own.Cmd);
  const merged: Fields & { Image: string } = {
    ...configDefaults,
    Hostname: id.slice(0, 12),
    ...own,
    Image: String(own.Image),
    User: own.User || (config.User ?? ""),
    Env: [...env, ...inherited],
    Labels: { ...config.Labels, ...fields(own.Labels) },
    Cmd: entrypoint.length === 0 && cmd.length === 0 ? (config.Cmd ?? null) : (own.Cmd ?? null),
    Entrypoint: isSaid(own.Entrypoint) ? own.Entrypoint : (config.Entrypoint ?? null),
    WorkingDir: own.WorkingDir || (config.WorkingDir ?? ""),
    Volumes: union(own.Volumes, config.Volumes),
    ...optional("ExposedPorts", union(own.ExposedPorts, config.ExposedPorts)),
    ...optional("Healthcheck", own.Healthcheck ?? config.Healthcheck ?? null),
    ...optional("StopSignal", own.StopSignal || (config.StopSignal ?? null)),
  };
  return merged;
}

export function mergedHost(asked: Fields, networkMode: string): Container["host"] {
  const bindings = Object.entries(fields(asked.PortBindings)).map(([port, places]) => [
    port,
    (Array.isArray(places) ? places : []).map((place) => ({ HostIp: "", HostPort: "", ...fields(place) })),
  ]);
  const ports = bindings.length === 0 ? {} : { PortBindings: Object.fromEntries(bindings) };
  // As moby settles it: as much swap again, where nothing is said of it.
  const swap = asked.Memory && !asked.MemorySwap ? { MemorySwap: 2 * Number(asked.Memory) } : {};
  // With the machine's processes or their memory in reach, SELinux could not confine it.
  const shared = asked.PidMode === "host" || asked.IpcMode === "host" || asked.Privileged === true;
  const security = shared ? { SecurityOpt: [...new Set([...texts(asked.SecurityOpt), "label=disable"])] } : {};
  return { ...hostDefaults, ...asked, ...ports, ...security, ...swap, NetworkMode: networkMode };
}

/** Binds, mounts, and a new anonymous volume for each declared path that nothing is mounted on. */
export function mountsOf(config: Fields, host: Fields, id: string): Mount[] {
  const mounts: Mount[] = texts(host.Binds).map(bound);
  for (const asked of Array.isArray(host.Mounts) ? host.Mounts.filter(isFields) : []) {
    const [source, target] = [String(asked.Source ?? ""), String(asked.Target)];
    mounts.push(
      asked.Type === "volume"
        ? volume(source || idOf(`${id} ${target}`), target, asked.ReadOnly !== true, "z")
        : { ...bind(source, target, asked.ReadOnly !== true, ""), Type: String(asked.Type) },
    );
  }
  const taken = new Set(mounts.map((mount) => mount.Destination));
  for (const path of Object.keys(fields(config.Volumes)))
    if (!taken.has(path)) mounts.push(volume(idOf(`${id} ${path}`), path, true, ""));
  return mounts;
}

function bound(spec: string): Mount {
  const [source = "", target = "", mode = ""] = spec.split(":");
  const writable = !mode.split(",").includes("ro");
  return source.startsWith("/") ? bind(source, target, writable, mode) : volume(source, target, writable, mode || "z");
}

function bind(source: string, target: string, writable: boolean, mode: string): Mount {
  const Propagation = mode.split(",").find((word) => /^r?(shared|slave|private)$/.test(word)) ?? "rprivate";
  return { Type: "bind", Source: source, Destination: target, Mode: mode, RW: writable, Propagation };
}

function volume(name: string, target: string, writable: boolean, mode: string): Mount {
  const source = `/var/lib/docker/volumes/${name}/_data`;
  const place = { Type: "volume", Name: name, Source: source, Destination: target };
  return { ...place, Driver: "local", Mode: mode, RW: writable, Propagation: "" };
}

const isSaid = (value: unknown) => value !== undefined && value !== null;
const union = (own: unknown, images: object | undefined) => {
  const both = { ...images, ...fields(own) };
  return Object.keys(both).length === 0 ? null : both;
};
const optional = (key: string, value: unknown): Fields => (value === null ? {} : { [key]: value });
