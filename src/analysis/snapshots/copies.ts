import type { Snapshot } from "../../systems/zfs/port.ts";

/** All snapshots of one host. */
export interface HostSnapshots {
  host: string;
  snapshots: readonly Snapshot[];
}

export interface Copy {
  host: string;
  /** Where it lies: "backup/data@daily-1". */
  name: string;
  dataset: string;
  guid: string;
}

/**
 * Copies of a dataset's snapshots elsewhere. `zfs receive` keeps the guid, so two snapshots of one guid hold the same
 * data, in whatever pool of whatever host.
 */
export function copiesOf(
  host: string,
  dataset: string,
  line: readonly Snapshot[],
  all: readonly HostSnapshots[],
): Copy[] {
  const guids = new Set(line.map(({ guid }) => guid));
  return all.flatMap((there) =>
    there.snapshots
      .filter((one) => guids.has(one.guid) && !(there.host === host && one.dataset === dataset))
      .map(({ name, dataset: in_, guid }) => ({ host: there.host, name, dataset: in_, guid })),
  );
}

/**
 * Datasets elsewhere that are kept up to date by increments, and would have none to start from: of all that they have in
 * common with this dataset nothing remains.
 *
 * @param remaining guids of the snapshots that stay
 */
export function cutOff(copies: readonly Copy[], remaining: ReadonlySet<string>): { host: string; dataset: string }[] {
  const places = new Map<string, Copy[]>();
  for (const copy of copies) {
    const key = `${copy.host}\n${copy.dataset}`;
    places.set(key, [...(places.get(key) ?? []), copy]);
  }
  return [...places.values()].flatMap((of) => {
    const [first] = of;
    return first === undefined || of.some(({ guid }) => remaining.has(guid))
      ? []
      : [{ host: first.host, dataset: first.dataset }];
  });
}
