import { readFileSync } from "node:fs";
import type { HostConfig } from "./config/schema.ts";
import { openSecret } from "./config/secret.ts";
import { StewardError } from "./shared/errors.ts";
import type { DockerConnection, SshConnection } from "./systems/docker/port.ts";
import type { PortainerConnection } from "./systems/portainer/index.ts";
import type { ShellConnection } from "./systems/shell/index.ts";
import type { TrueNasConnection } from "./systems/truenas/index.ts";

/** Turns configuration into what adapters connect with. The one place where their secrets are opened. */
export function dockerConnection({ name, docker, ssh, portainer }: HostConfig): DockerConnection {
  if (docker === undefined) throw new StewardError("not_configured", `${name} has no docker.`, "Add docker to it.");
  if ("url" in docker) {
    const { url, ca, cert, key } = docker;
    return {
      kind: "tcp",
      url,
      ...(ca === undefined ? {} : { ca: readPem(name, "ca", ca) }),
      ...(cert === undefined ? {} : { cert: readPem(name, "cert", cert) }),
      ...(key === undefined ? {} : { key: openSecret(key) }),
    };
  }
  if ("ssh" in docker) return { kind: "ssh", ssh: sshConnection(name, ssh), socket: docker.socket };
  if ("socket" in docker) return { kind: "socket", path: docker.socket };
  if (portainer === undefined) throw missing(name, "portainer");
  return { kind: "portainer", endpoint: docker.endpoint, ...portainerConnection({ name, portainer }) };
}

export function portainerConnection({ name, portainer }: Pick<HostConfig, "name" | "portainer">): PortainerConnection {
  if (portainer === undefined)
    throw new StewardError("not_configured", `${name} has no portainer.`, "Add portainer to it.");
  const { url, api_key, fingerprint } = portainer;
  return { url, apiKey: openSecret(api_key), ...(fingerprint === undefined ? {} : { fingerprint }) };
}

export function shellConnection({ name, shell, ssh }: HostConfig): ShellConnection {
  if (shell === undefined) throw new StewardError("not_configured", `${name} has no shell.`, "Add shell to it.");
  return shell === "local" ? { kind: "local" } : { kind: "ssh", ssh: sshConnection(name, ssh) };
}

export function trueNasConnection({ name, truenas }: HostConfig): TrueNasConnection {
  if (truenas === undefined) throw new StewardError("not_configured", `${name} has no truenas.`, "Add truenas to it.");
  const { url, username, api_key, fingerprint } = truenas;
  return { url, username, apiKey: openSecret(api_key), ...(fingerprint === undefined ? {} : { fingerprint }) };
}

function sshConnection(name: string, ssh: HostConfig["ssh"]): SshConnection {
  if (ssh === undefined) throw missing(name, "ssh");
  const { host, port, user, key_file, passphrase, host_key } = ssh;
  const key = openSecret(key_file);
  return { host, port, user, key, hostKey: host_key, ...(passphrase ? { passphrase: openSecret(passphrase) } : {}) };
}

function readPem(host: string, key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new StewardError("not_configured", `The file of docker.${key} of ${host} can't be read.`, "Mend its path.");
  }
}

// The schema asks for both sections, so this is said only if they ever drift apart.
const missing = (name: string, section: string) =>
  new StewardError("not_configured", `docker of ${name} asks for ${section}, which is missing.`, `Add ${section}.`);
