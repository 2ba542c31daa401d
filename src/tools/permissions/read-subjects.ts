import type { Accounts, Surroundings } from "../../analysis/permissions/finding.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import type { Docker } from "../../systems/docker/port.ts";
import type { ImageInspected } from "../../systems/docker/shapes.ts";
import type { ToolContext } from "../define.ts";
import { readContainers } from "../docker/read-containers.ts";

/**
 * All containers of one machine with what the checks need to know of each, and what is around them. Only the engine has
 * to answer: what else is silent is gone on without.
 */
export async function readMachine(docker: Docker, host: string, context: ToolContext): Promise<Surroundings> {
  const { signal, clock } = context;
  const [containers, info, pools, accounts] = await Promise.all([
    readContainers(docker, { signal }),
    docker.info(signal),
    poolsOf(host, context),
    accountsOf(host, context),
  ]);
  const ids = [...new Set(containers.map(({ Image }) => Image))];
  const [images, uids] = await Promise.all([
    eachLimited(ids, 8, async (id): Promise<[string, ImageInspected | undefined]> => {
      return [id, await docker.image(id, signal).catch(() => undefined)];
    }),
    eachLimited(containers, 8, async ({ Id, State }) => (State.Running ? uidsOf(docker, Id, signal) : null)),
  ]);
  signal.throwIfAborted();
  const made = new Map(images);
  const subjects = containers.map((container, at) => ({
    container,
    image: made.get(container.Image),
    process_uids: uids[at] ?? null,
  }));
  return { now_ms: clock.now(), subjects, security_options: info.security_options, accounts, pools };
}

/** An engine without ps, or a container that ended meanwhile, tells none. */
async function uidsOf(docker: Docker, id: string, signal: AbortSignal): Promise<number[] | null> {
  try {
    return (await docker.processes(id, signal)).map(({ uid }) => uid);
  } catch {
    return null;
  }
}

/** The machine's users and groups, if its shell or its TrueNAS is configured and answers. */
async function accountsOf(host: string, { systems, signal }: ToolContext): Promise<Accounts | null> {
  if (!systems.accounts.hosts.includes(host)) return null;
  try {
    return await systems.accounts.one(host).system.read(signal);
  } catch {
    return null;
  }
}

/** Where whole pools are mounted, if that machine's storage is configured and answers. */
async function poolsOf(host: string, { systems, signal }: ToolContext): Promise<string[] | null> {
  if (!systems.zfs.hosts.includes(host)) return null;
  try {
    const datasets = await systems.zfs.one(host).system.datasets(signal);
    return datasets.flatMap(({ name, mountpoint }) => (name.includes("/") || mountpoint === null ? [] : [mountpoint]));
  } catch {
    return null;
  }
}
