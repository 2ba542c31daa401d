import type { z } from "zod";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import type { Json, JsonObject } from "../../shared/json.ts";
import { once } from "../../shared/once.ts";
import type { TrueNas } from "../truenas/port.ts";
import { shortMemory, withEverything } from "./everything.ts";
import { notFound, notUnderstood } from "./names.ts";
import type { Dataset, ErrorMemory, Lineage, Snapshot, Zfs } from "./port.ts";
import {
  datasetsOf,
  isHeld,
  lineageOf,
  lineSnapshotOf,
  poolOf,
  snapshotOf,
  snapshotProperties,
  taskOf,
  truenasDatasets,
  truenasPools,
  truenasSnapshots,
  truenasTasks,
} from "./truenas-shapes.ts";

/** The one tag that TrueNAS puts on what it holds (zfs.snapshot.hold of all releases). */
export const trueNasTag = "truenas";

/** ZFS through TrueNAS, which knows the snapshot tasks as well, but not how many files have permanent errors. */
export function zfsOverTrueNas(truenas: TrueNas, clock: Clock = systemClock, memory: ErrorMemory = shortMemory()): Zfs {
  const features = once(() => truenas.features());

  async function ask<S extends z.ZodType>(
    what: string,
    shape: S,
    method: string,
    params: Json[],
    signal?: AbortSignal,
  ) {
    const answer = shape.safeParse(await truenas.call(method, params, signal));
    if (answer.success) return answer.data;
    throw notUnderstood(what, answer.error);
  }

  async function datasets(signal?: AbortSignal): Promise<Dataset[]> {
    // Flat, each would come again within every one above it; without children, only the pools' roots would come.
    const options = { extra: { flat: false } };
    const told = await ask("datasets", truenasDatasets, "pool.dataset.query", [[], options], signal);
    return told.flatMap(datasetsOf);
  }

  async function told(filters: Json[], extra: JsonObject, signal?: AbortSignal) {
    const method = `${(await features()).snapshots}.query`;
    const options = { extra: { properties: snapshotProperties, ...extra } };
    return ask("snapshots", truenasSnapshots, method, [filters, options], signal);
  }

  async function query(filters: Json[], details: boolean, signal?: AbortSignal): Promise<Snapshot[]> {
    return (await told(filters, details ? { holds: true } : {}, signal)).map(snapshotOf);
  }

  async function snapshot(name: string, signal?: AbortSignal): Promise<Snapshot> {
    const [found] = await query([["id", "=", name]], true, signal);
    if (found === undefined) throw notFound();
    return found;
  }

  async function lineage(dataset: string, signal?: AbortSignal): Promise<Lineage> {
    const properties = [...snapshotProperties, "userrefs", "written"];
    const [[own], snapshots, [pool]] = await Promise.all([
      ask("datasets", truenasDatasets, "pool.dataset.query", [[["id", "=", dataset]]], signal),
      told([["dataset", "=", dataset]], { properties }, signal),
      ask("pools", truenasPools, "pool.query", [[["name", "=", dataset.split("/")[0] ?? ""]]], signal),
    ]);
    if (own === undefined || pool === undefined) throw notFound();
    // Asked for with the list, TrueNAS would read the holds of every snapshot of every pool.
    const line = await eachLimited(snapshots, 4, async (one) => {
      const { holds } = isHeld(one) ? await snapshot(one.name, signal) : { holds: [] };
      return { ...lineSnapshotOf(one), holds };
    });
    line.sort((one, other) => one.txg - other.txg);
    return { pool_guid: pool.guid, ...lineageOf(own), snapshots: line };
  }

  return withEverything(
    {
      rules: { hold_tag: trueNasTag, spaces: true, new_disk_by: "name", wipes_replaced: true },
      lineage,
      wouldFree: async () => null,
      async pools(signal) {
        const [pools, roots] = await Promise.all([
          ask("pools", truenasPools, "pool.query", [], signal),
          datasets(signal),
        ]);
        return pools.map((pool) =>
          poolOf(
            pool,
            roots.find(({ name }) => name === pool.name),
          ),
        );
      },
      datasets,
      snapshots: ({ dataset, details = false }, signal) =>
        query(dataset === undefined ? [] : [["dataset", "=", dataset]], details, signal),
      snapshot,
      async snapshotTasks(signal) {
        const told = await ask("snapshot tasks", truenasTasks, "pool.snapshottask.query", [], signal);
        return told.map(taskOf);
      },
    },
    clock,
    memory,
  );
}
