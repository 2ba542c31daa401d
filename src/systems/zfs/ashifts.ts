import type { Vdev } from "./port.ts";

/**
 * `zpool get -H -p -o name,property,value guid,ashift POOL all-vdevs`: sector size exponents by guid. Vdevs have
 * properties from OpenZFS 2.2 on. The root has none (0), and neither has a spare, which ZFS complains of on stderr.
 */
export function parseAshifts(lines: readonly string[]): ReadonlyMap<string, number> {
  const values = new Map<string, Record<string, string>>();
  for (const [name = "", property = "", value = ""] of lines.map((line) => line.split("\t")))
    values.set(name, { ...values.get(name), [property]: value });
  const told = [...values.values()].map(({ guid = "", ashift }) => [guid, Number(ashift)] as const);
  return new Map(told.filter(([, ashift]) => ashift > 0));
}

export const withAshifts = (vdevs: readonly Vdev[], ashifts: ReadonlyMap<string, number>): Vdev[] =>
  vdevs.map((vdev) => ({
    ...vdev,
    ashift: ashifts.get(vdev.guid) ?? null,
    children: withAshifts(vdev.children, ashifts),
  }));
