import { z } from "zod";

/**
 * The parts of Docker's answers that we depend on, loose about the rest: a recreated container must keep fields
 * that we have never heard of. API 1.41 (Docker 20.10) to current; fields that came later are optional.
 */
const nullish = <T extends z.ZodType>(schema: T) => schema.nullish();
const strings = z.array(z.string());
const labels = nullish(z.record(z.string(), z.string()));

const endpoint = z.looseObject({
  IPAMConfig: nullish(z.looseObject({ IPv4Address: z.string().optional(), IPv6Address: z.string().optional() })),
  Links: nullish(strings),
  Aliases: nullish(strings),
  NetworkID: z.string().optional(),
  IPAddress: z.string().optional(),
  MacAddress: z.string().optional(),
  DriverOpts: nullish(z.record(z.string(), z.string())),
});

const mount = z.looseObject({
  Type: z.string(),
  Name: z.string().optional(),
  Source: z.string().optional(),
  Destination: z.string(),
  Driver: z.string().optional(),
  Mode: z.string().optional(),
  RW: z.boolean(),
  Propagation: z.string().optional(),
});

const port = z.looseObject({
  IP: z.string().optional(),
  PrivatePort: z.number(),
  PublicPort: z.number().optional(),
  Type: z.string(),
});

/** `GET /containers/json` */
export const containerListed = z.looseObject({
  Id: z.string(),
  Names: strings,
  Image: z.string(),
  ImageID: z.string(),
  // Docker's own specification shows it as text.
  Created: z.number().or(z.string().regex(/^\d+$/).transform(Number)),
  State: z.string(),
  Status: z.string(),
  Labels: labels,
  Ports: nullish(z.array(port)),
  Mounts: nullish(z.array(mount)),
  HostConfig: nullish(z.looseObject({ NetworkMode: z.string().optional() })),
});

const healthLog = z.looseObject({ Start: z.string(), End: z.string(), ExitCode: z.number(), Output: z.string() });

/** `GET /containers/{id}/json` */
export const containerInspected = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Created: z.string(),
  Image: z.string(),
  AppArmorProfile: z.string().optional(),
  RestartCount: z.number(),
  State: z.looseObject({
    Status: z.string(),
    Running: z.boolean(),
    Paused: z.boolean(),
    Restarting: z.boolean(),
    OOMKilled: z.boolean(),
    Dead: z.boolean(),
    Pid: z.number(),
    ExitCode: z.number(),
    Error: z.string(),
    StartedAt: z.string(),
    FinishedAt: z.string(),
    Health: nullish(z.looseObject({ Status: z.string(), FailingStreak: z.number(), Log: nullish(z.array(healthLog)) })),
  }),
  Config: z.looseObject({
    Hostname: z.string().optional(),
    User: z.string().optional(),
    Env: nullish(strings),
    Cmd: nullish(strings),
    Entrypoint: nullish(strings),
    Image: z.string(),
    Labels: labels,
    Volumes: nullish(z.record(z.string(), z.unknown())),
    ExposedPorts: nullish(z.record(z.string(), z.unknown())),
    Healthcheck: nullish(z.looseObject({ Test: nullish(strings) })),
    WorkingDir: z.string().optional(),
    StopSignal: z.string().optional(),
    StopTimeout: nullish(z.number()),
  }),
  HostConfig: z.looseObject({
    NetworkMode: z.string(),
    AutoRemove: z.boolean(),
    Privileged: z.boolean(),
    Binds: nullish(strings),
    Mounts: nullish(z.array(z.looseObject({ Type: z.string(), Target: z.string(), Source: z.string().optional() }))),
    VolumesFrom: nullish(strings),
    Links: nullish(strings),
    RestartPolicy: nullish(z.looseObject({ Name: z.string(), MaximumRetryCount: z.number().optional() })),
    PortBindings: nullish(
      z.record(
        z.string(),
        nullish(z.array(z.looseObject({ HostIp: z.string().optional(), HostPort: z.string().optional() }))),
      ),
    ),
    Memory: z.number().optional(),
    MemorySwap: z.number().optional(),
    MemoryReservation: z.number().optional(),
    NanoCpus: z.number().optional(),
    CpuPeriod: z.number().optional(),
    CpuQuota: z.number().optional(),
    PidsLimit: nullish(z.number()),
    ReadonlyRootfs: z.boolean().optional(),
    CapAdd: nullish(strings),
    CapDrop: nullish(strings),
    SecurityOpt: nullish(strings),
    PidMode: z.string().optional(),
    IpcMode: z.string().optional(),
    UTSMode: z.string().optional(),
    UsernsMode: z.string().optional(),
    GroupAdd: nullish(strings),
    CgroupParent: z.string().optional(),
    CpuShares: z.number().optional(),
    CpusetCpus: z.string().optional(),
    PublishAllPorts: z.boolean().optional(),
    Devices: nullish(
      z.array(z.looseObject({ PathOnHost: z.string(), PathInContainer: z.string(), CgroupPermissions: z.string() })),
    ),
  }),
  Mounts: z.array(mount),
  NetworkSettings: z.looseObject({
    Networks: z.record(z.string(), endpoint),
    Ports: nullish(z.record(z.string(), nullish(z.array(z.looseObject({ HostIp: z.string(), HostPort: z.string() }))))),
  }),
});

/** `GET /images/{name}/json` */
export const imageInspected = z.looseObject({
  Id: z.string(),
  RepoTags: nullish(strings),
  RepoDigests: nullish(strings),
  Created: z.string().optional(),
  Size: z.number(),
  Architecture: z.string().optional(),
  Os: z.string().optional(),
  Config: nullish(
    z.looseObject({
      User: z.string().optional(),
      Env: nullish(strings),
      Cmd: nullish(strings),
      Entrypoint: nullish(strings),
      Labels: labels,
      Volumes: nullish(z.record(z.string(), z.unknown())),
      ExposedPorts: nullish(z.record(z.string(), z.unknown())),
      Healthcheck: nullish(z.looseObject({ Test: nullish(strings) })),
      WorkingDir: z.string().optional(),
      StopSignal: z.string().optional(),
    }),
  ),
});

export type ContainerListed = z.output<typeof containerListed>;
export type ContainerInspected = z.output<typeof containerInspected>;
export type ImageInspected = z.output<typeof imageInspected>;
export type Endpoint = z.output<typeof endpoint>;
