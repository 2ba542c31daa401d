import {
  type ContainerInspected,
  containerInspected,
  type ImageInspected,
  imageInspected,
} from "../../../src/systems/docker/shapes.ts";

type Fields = Record<string, unknown>;

export const id = (seed: string) => seed.padEnd(64, "0");
export const sha = (seed: string) => `sha256:${id(seed)}`;

/** An inspect answer as an engine of API 1.41 gives it, with parts replaced. */
export function container(
  name: string,
  parts: {
    Id?: string;
    Image?: string;
    RestartCount?: number;
    State?: Fields;
    Config?: Fields;
    HostConfig?: Fields;
    Mounts?: Fields[];
    NetworkSettings?: Fields;
    Created?: string;
  } = {},
): ContainerInspected {
  const own = parts.Id ?? id(Buffer.from(name).toString("hex").slice(0, 20));
  return containerInspected.parse({
    Id: own,
    Name: `/${name}`,
    Created: "2027-01-01T00:00:00Z",
    Image: sha("a1"),
    RestartCount: 0,
    Mounts: [],
    ...parts,
    State: {
      Status: "running",
      Running: true,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: 1,
      ExitCode: 0,
      Error: "",
      StartedAt: "2027-01-01T00:00:01Z",
      FinishedAt: "0001-01-01T00:00:00Z",
      ...parts.State,
    },
    Config: {
      Hostname: own.slice(0, 12),
      Image: "web:latest",
      Env: null,
      Cmd: null,
      Entrypoint: null,
      Labels: {},
      ...parts.Config,
    },
    HostConfig: { NetworkMode: "default", AutoRemove: false, Privileged: false, ...parts.HostConfig },
    NetworkSettings: { Networks: { bridge: { NetworkID: id("b0") } }, Ports: {}, ...parts.NetworkSettings },
  });
}

export function image(Config: Fields = {}, more: Fields = {}): ImageInspected {
  return imageInspected.parse({
    Id: sha("a1"),
    RepoTags: ["web:latest"],
    RepoDigests: [`web@${sha("d1")}`],
    Size: 1,
    Architecture: "amd64",
    Os: "linux",
    Config,
    ...more,
  });
}
