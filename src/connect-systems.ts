import type { Config, HostConfig } from "./config/schema.ts";
import { hasSystem } from "./configured.ts";
import { dockerConnection, portainerConnection, shellConnection, trueNasConnection } from "./connections.ts";
import type { Clock } from "./shared/clock.ts";
import type { Store } from "./store/open.ts";
import {
  accountChangesOverShell,
  accountChangesOverTrueNas,
  accountsOverShell,
  accountsOverTrueNas,
} from "./systems/accounts/index.ts";
import { connectCgroups } from "./systems/cgroup/index.ts";
import { connectDocker, type LifeMemory } from "./systems/docker/index.ts";
import { connectFileChanges, connectFiles } from "./systems/files/index.ts";
import { fleet } from "./systems/fleet.ts";
import {
  composeChanges,
  composeProjects,
  portainerStackChanges,
  portainerStacks,
  trueNasAppChanges,
  trueNasApps,
} from "./systems/managers/index.ts";
import { connectNetwork } from "./systems/network/index.ts";
import { portainerClient } from "./systems/portainer/index.ts";
import { connectSecretFileChanges, connectSecretFiles } from "./systems/secret-files/index.ts";
import { connectShell } from "./systems/shell/index.ts";
import { connectSmart, smartOverTrueNas } from "./systems/smart/index.ts";
import { connectMidclt, connectTrueNas, midcltThrough } from "./systems/truenas/index.ts";
import {
  type ErrorMemory,
  zfsChangesOverShell,
  zfsChangesOverTrueNas,
  zfsOverShell,
  zfsOverTrueNas,
} from "./systems/zfs/index.ts";
import type { Changes, SystemName, Systems } from "./tools/define.ts";

/** All systems of a configuration. What changes them leaves this file through the gate only. */
export function connectSystems(
  config: Config,
  clock: Clock,
  store: () => Store,
): { systems: Systems; changes: Changes; closeSystems(): Promise<void> } {
  const closing: (() => Promise<void>)[] = [];
  /** Opened once a host, at its first use; closed with the house. */
  const each = <T>(open: (host: HostConfig) => T, close: (opened: T) => Promise<void>) => {
    const opened = new Map<string, T>();
    closing.push(async () => void (await Promise.allSettled([...opened.values()].map(close))));
    return (name: string): T => {
      const host = config.hosts.find((one) => one.name === name);
      if (!host) throw new Error(`no host ${name}`);
      const known = opened.get(name) ?? open(host);
      opened.set(name, known);
      return known;
    };
  };
  const memory: LifeMemory = {
    of: (container, ended_at) => store().lives.of(container, ended_at),
    keep: (container, ended_at, events) => store().lives.keep(container, ended_at, events, clock.now()),
  };
  const engine = each(
    (host) => connectDocker(dockerConnection(host), { memory }),
    ({ reading }) => reading.close(),
  );
  const shell = each(
    (host) => connectShell(shellConnection(host), host.roots),
    (shells) => shells.close(),
  );
  const files = each(
    ({ name, roots }) => ({ reading: connectFiles(shell(name), roots), changing: connectFileChanges(shell(name)) }),
    async () => {},
  );
  const secrets = each(
    ({ name, secrets_folder = "" }) => ({
      reading: connectSecretFiles(shell(name), secrets_folder),
      changing: connectSecretFileChanges(shell(name), secrets_folder),
    }),
    async () => {},
  );
  const cgroups = each(
    ({ name }) => connectCgroups(shell(name)),
    async () => {},
  );
  const nas = each(
    (host) =>
      host.truenas
        ? connectTrueNas(trueNasConnection(host), { clock })
        : connectMidclt(midcltThrough(shell(host.name)), { clock }),
    ({ reading }) => reading.close(),
  );
  const errorMemory: ErrorMemory = {
    before: (pool) => store().pools.before(pool),
    keep: (pool, errors) => store().pools.keep(pool, errors),
  };
  const zfs = each(
    ({ name, truenas, midclt }) =>
      truenas || midclt
        ? {
            reading: zfsOverTrueNas(nas(name).reading, clock, errorMemory),
            changing: zfsChangesOverTrueNas(nas(name), clock),
          }
        : {
            reading: zfsOverShell(shell(name).reading, clock, errorMemory),
            changing: zfsChangesOverShell(shell(name)),
          },
    async () => {},
  );
  // What useradd writes on a TrueNAS is gone after its next start.
  const accounts = each(
    ({ name, truenas, midclt }) =>
      truenas || midclt
        ? { reading: accountsOverTrueNas(nas(name).reading), changing: accountChangesOverTrueNas(nas(name)) }
        : { reading: accountsOverShell(shell(name)), changing: accountChangesOverShell(shell(name)) },
    async () => {},
  );
  const networks = each(
    ({ name }) => connectNetwork(shell(name)),
    async () => {},
  );
  // smartctl tells more than TrueNAS does.
  const disks = each(
    (host) => (host.shell ? connectSmart(shell(host.name), clock) : smartOverTrueNas(nas(host.name), clock)),
    async () => {},
  );
  const portainer = each(
    (host) => portainerClient(portainerConnection(host)),
    async (client) => client.close(),
  );
  const composed = each(
    ({ name, docker, roots }) => {
      const engine = docker && "socket" in docker ? docker.socket : "/var/run/docker.sock";
      const place = { engine, roots };
      return { reading: composeProjects(shell(name), place), changing: composeChanges(shell(name), place) };
    },
    async () => {},
  );
  const composeHosts = config.hosts.filter(({ compose }) => compose).map(({ name }) => name);
  const portainerHosts = config.hosts.filter((host) => host.portainer).map(({ name }) => name);
  const nasHosts = config.hosts.filter(({ truenas, midclt }) => truenas || midclt).map(({ name }) => name);
  const hosts = (system: SystemName) => config.hosts.filter(hasSystem[system]).map(({ name }) => name);
  return {
    systems: {
      accounts: fleet("shell", hosts("accounts"), (name) => accounts(name).reading),
      cgroup: fleet("shell", hosts("cgroup"), (name) => cgroups(name).reading),
      network: fleet("shell", hosts("network"), (name) => networks(name).reading),
      keptLimits: { of: (kind, host) => store().limits.of(kind, host) },
      useHistory: { peak: (host, container, since) => store().use.peak(host, container, since) },
      docker: fleet("docker", hosts("docker"), (name) => engine(name).reading),
      files: fleet("shell", hosts("files"), (name) => files(name).reading),
      managers: {
        truenas: fleet("truenas", nasHosts, (name) => trueNasApps(nas(name).reading)),
        portainer: fleet("portainer", portainerHosts, (name) => portainerStacks(portainer(name))),
        compose: fleet("compose", composeHosts, (name) => composed(name).reading),
      },
      secretFiles: fleet("secrets_folder", hosts("secretFiles"), (name) => secrets(name).reading),
      smart: fleet("smart", hosts("smart"), (name) => disks(name).reading),
      diskMemory: {
        days: (disk, since) => store().disks.days(disk, since),
        baseline: (disk) => store().disks.baseline(disk),
      },
      zfs: fleet("zfs", hosts("zfs"), (name) => zfs(name).reading),
    },
    changes: {
      accounts: fleet("shell", hosts("accounts"), (name) => accounts(name).changing),
      files: fleet("shell", hosts("files"), (name) => files(name).changing),
      cgroup: fleet("shell", hosts("cgroup"), (name) => cgroups(name).changing),
      network: fleet("shell", hosts("network"), (name) => networks(name).changing),
      keptLimits: {
        put: (limit, for_ms) =>
          store().limits.put(for_ms === undefined ? limit : { ...limit, until: clock.now() + for_ms }),
        drop: (kind, host, container) => store().limits.drop(kind, host, container),
      },
      docker: fleet("docker", hosts("docker"), (name) => engine(name).changing),
      managers: {
        truenas: fleet("truenas", nasHosts, (name) => trueNasAppChanges(nas(name).reading, nas(name).changing)),
        portainer: fleet("portainer", portainerHosts, (name) => portainerStackChanges(portainer(name), clock)),
        compose: fleet("compose", composeHosts, (name) => composed(name).changing),
      },
      secretFiles: fleet("secrets_folder", hosts("secretFiles"), (name) => secrets(name).changing),
      smart: fleet("smart", hosts("smart"), (name) => disks(name).changing),
      zfs: fleet("zfs", hosts("zfs"), (name) => zfs(name).changing),
      diskNotes: { setBaseline: (disk, baseline) => store().disks.setBaseline(disk, baseline) },
    },
    closeSystems: async () => void (await Promise.allSettled(closing.map((close) => close()))),
  };
}
