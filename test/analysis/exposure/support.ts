import type { ContainerInspected } from "../../../src/systems/docker/shapes.ts";
import { container } from "../support/containers.ts";

interface Parts {
  image?: string;
  /** "host:inner", "address:host:inner", with "/udp". */
  ports?: string[];
  labels?: Record<string, string>;
  env?: string[];
  networks?: string[];
  mode?: string;
  exposed?: string[];
  privileged?: boolean;
  state?: Record<string, unknown>;
  /** "/host:/inside" */
  mounts?: string[];
  command?: string[];
  /** By network; and names that others there know it by. */
  aliases?: string[];
}

/** A container as an engine shows it, from what a test is about. */
export function box(name: string, parts: Parts = {}): ContainerInspected {
  const Ports: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const spec of parts.ports ?? []) {
    const [plain = "", protocol = "tcp"] = spec.split("/");
    const [, ip = "0.0.0.0", host = "", inner = ""] = /^(?:\[?(.*?)\]?:)?(\d+):(\d+)$/.exec(plain) ?? [];
    const key = `${inner}/${protocol}`;
    Ports[key] = [...(Ports[key] ?? []), { HostIp: ip, HostPort: host }];
  }
  const PortBindings = Object.fromEntries(
    Object.entries(Ports).map(([key, hosts]) => [
      key,
      hosts.map((one) => ({ ...one, HostIp: one.HostIp === "0.0.0.0" ? "" : one.HostIp })),
    ]),
  );
  const networks = (parts.networks ?? ["bridge"]).map((one) => [one, { Aliases: parts.aliases ?? null }] as const);
  return container(name, {
    Config: {
      Image: parts.image ?? `linuxserver/${name}:latest`,
      Labels: parts.labels ?? {},
      Env: parts.env ?? [],
      Cmd: parts.command ?? [],
      ExposedPorts: Object.fromEntries((parts.exposed ?? []).map((port) => [port, {}])),
    },
    HostConfig: { NetworkMode: parts.mode ?? "bridge", Privileged: parts.privileged ?? false, PortBindings },
    NetworkSettings: { Ports, Networks: Object.fromEntries(networks) },
    Mounts: (parts.mounts ?? []).map((spec) => {
      const [Source = "", Destination = ""] = spec.split(":");
      return { Type: "bind", Source, Destination, RW: true };
    }),
    ...(parts.state && { State: parts.state }),
  });
}
