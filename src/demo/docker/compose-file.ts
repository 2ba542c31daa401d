import { z } from "zod";
import type { Service } from "./compose.ts";
import type { Fields } from "./model.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const words = z.array(z.string()).default([]);
const limits = z.object({ cpus: scalar.optional(), memory: scalar.optional() });
const service = z.looseObject({
  image: z.string(),
  user: z.string().optional(),
  restart: z.string().default("no"),
  environment: z.union([words, z.record(z.string(), scalar)]).default([]),
  labels: z.record(z.string(), z.string()).optional(),
  volumes: words,
  /** "8080:80" */
  ports: words,
  read_only: z.boolean().default(false),
  tmpfs: words,
  cap_drop: words,
  security_opt: words,
  cpus: scalar.optional(),
  mem_limit: scalar.optional(),
  deploy: z.object({ resources: z.object({ limits }) }).optional(),
  secrets: z
    .array(z.union([z.string(), z.looseObject({ source: z.string(), target: z.string().optional() })]))
    .default([]),
});
const composeFile = z.looseObject({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.looseObject({ file: z.string() })).default({}),
});

/** The services of a compose file as far as a simulated home knows its words. Throws where it is none. */
export function servicesOf(file: unknown): Service[] {
  const { services, secrets } = composeFile.parse(file);
  return Object.entries(services).map(([name, said]) => ({
    name,
    image: said.image,
    create: createOf(said, (source) => secrets[source]?.file ?? ""),
  }));
}

function createOf(said: z.output<typeof service>, fileOf: (secret: string) => string): Fields {
  const { cpus, memory } = { cpus: said.cpus, memory: said.mem_limit, ...said.deploy?.resources.limits };
  const mounts = said.secrets.map((secret) => {
    const { source, target = source } = typeof secret === "string" ? { source: secret } : secret;
    const Target = target.startsWith("/") ? target : `/run/secrets/${target}`;
    return { Type: "bind", Source: fileOf(source), Target, ReadOnly: true };
  });
  return {
    Env: environment(said.environment),
    ...(said.user === undefined ? {} : { User: said.user }),
    ...(said.labels === undefined ? {} : { Labels: said.labels }),
    HostConfig: {
      Binds: said.volumes,
      PortBindings: Object.fromEntries(said.ports.map(published)),
      RestartPolicy: { Name: said.restart, MaximumRetryCount: 0 },
      ReadonlyRootfs: said.read_only,
      ...(cpus === undefined ? {} : { NanoCpus: Math.round(Number(cpus) * 1e9) }),
      ...(memory === undefined ? {} : { Memory: bytes(String(memory)), MemorySwap: bytes(String(memory)) }),
      ...(said.tmpfs.length > 0 ? { Tmpfs: Object.fromEntries(said.tmpfs.map((path) => [path, ""])) } : {}),
      ...(said.cap_drop.length > 0 ? { CapDrop: said.cap_drop } : {}),
      ...(said.security_opt.length > 0 ? { SecurityOpt: said.security_opt } : {}),
      ...(mounts.length > 0 ? { Mounts: mounts } : {}),
    },
  };
}

const environment = (said: z.output<typeof service>["environment"]): string[] =>
  Array.isArray(said) ? said : Object.entries(said).map(([name, value]) => `${name}=${value}`);

function published(port: string): [string, Fields[]] {
  const [host = "", inside = host] = port.split(":");
  return [`${inside}/tcp`, [{ HostIp: "", HostPort: host }]];
}

/** "512m", "1g", "1073741824" */
function bytes(size: string): number {
  const [, number, unit = ""] = /^(\d+)([bkmg]?)b?$/i.exec(size) ?? [];
  return Number(number ?? 0) * 1024 ** Math.max(0, "bkmg".indexOf(unit.toLowerCase() || "b"));
}
