import { StewardError } from "../../shared/errors.ts";
import type { Fleet } from "../../systems/fleet.ts";
import type { Pool, Zfs } from "../../systems/zfs/port.ts";

/** The one host on which a pool of that name is, and the pool. Errors: not_found, ambiguous, and those of the hosts. */
export async function findPool(
  fleet: Fleet<Zfs>,
  name: string,
  host?: string,
  signal?: AbortSignal,
): Promise<{ host: string; zfs: Zfs; pool: Pool }> {
  const read = async (zfs: Zfs) => (await zfs.pools(signal)).find((pool) => pool.name === name);
  if (host !== undefined || fleet.hosts.length === 1) {
    const { host: only, system: zfs } = fleet.one(host);
    const pool = await read(zfs);
    if (pool === undefined) throw new StewardError("not_found", `${only} has no pool ${name}.`, "See get_storage.");
    return { host: only, zfs, pool };
  }
  const answers = await fleet.each(read);
  const [first, second] = answers.flatMap((answer) =>
    answer.ok && answer.value ? [{ host: answer.host, pool: answer.value }] : [],
  );
  if (second !== undefined) throw new StewardError("ambiguous", `Several hosts have a pool ${name}.`, "Name the host.");
  if (first !== undefined) return { ...first, zfs: fleet.one(first.host).system };
  const silent = answers.filter((answer) => !answer.ok).map((answer) => answer.host);
  const note = silent.length === 0 ? "" : ` These hosts do not answer: ${silent.join(", ")}.`;
  throw new StewardError("not_found", `No host has a pool ${name}.`, `See get_storage.${note}`);
}
