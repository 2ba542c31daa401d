import type { Behaviour, Fields, ImageConfig } from "./model.ts";

export const minute = 60_000;
export const day = 24 * 60 * minute;
export const kB = 1000;
export const MB = 1_000_000;

/** One application of the demo home. */
export interface App {
  name: string;
  image: string;
  version: string;
  size_MB: number;
  config?: ImageConfig;
  behaviour?: Partial<Behaviour>;
  create?: Fields;
  /** Since when it runs. */
  up_ms: number;
  says?: readonly string[];
}

export const web = (port: number): ImageConfig => ({
  Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANGUAGE=en_US.UTF-8"],
  Entrypoint: ["/init"],
  ExposedPorts: { [`${port}/tcp`]: {} },
  Volumes: { "/config": {} },
});
export const checked = (config: ImageConfig, test: string): ImageConfig => ({
  ...config,
  Healthcheck: { Test: ["CMD-SHELL", test], Interval: 30_000_000_000, Timeout: 5_000_000_000, Retries: 3 },
});
export const compose = (project: string, service: string): Record<string, string> => ({
  "com.docker.compose.project": project,
  "com.docker.compose.service": service,
  "com.docker.compose.project.working_dir": `/opt/stacks/${project}`,
  "com.docker.compose.project.config_files": `/opt/stacks/${project}/compose.yaml`,
  "com.docker.compose.container-number": "1",
  "com.docker.compose.oneoff": "False",
});
/** Portainer deploys its stacks through compose, each from a numbered folder of its own data. */
export const stack = (number: number, project: string, service: string): Record<string, string> => ({
  ...compose(project, service),
  "com.docker.compose.project.working_dir": `/data/compose/${number}`,
  "com.docker.compose.project.config_files": `/data/compose/${number}/docker-compose.yml`,
});
export const published = (port: number): Fields => ({
  PortBindings: { [`${port}/tcp`]: [{ HostIp: "", HostPort: `${port}` }] },
});
export const always = { RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 } };
export const user = ["PUID=1000", "PGID=1000", "TZ=Europe/Berlin"];
export const on = (network: string, alias: string): Fields => ({
  EndpointsConfig: { [network]: { Aliases: [alias] } },
});
