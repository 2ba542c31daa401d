import { z } from "zod";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import { once } from "../../shared/once.ts";
import type { JobEnd, TrueNas, TrueNasChanges } from "../truenas/port.ts";
import { noClone } from "./changes-over-shell.ts";
import { notFound, notUnderstood } from "./names.ts";
import { trueNasTag, zfsOverTrueNas } from "./over-truenas.ts";
import type { ScrubAction, ZfsChanges } from "./port.ts";

const pools = z.array(z.object({ id: z.int() }));
const disks = z.array(z.object({ identifier: z.string() }));
const origins = z.array(z.object({ origin: z.object({ rawvalue: z.string().nullable() }).nullish() }));

/** How long a scrub may take to show in the pool after TrueNAS took the order. */
const begins_ms = 30_000;

/** ZFS's changes through TrueNAS. */
export function zfsChangesOverTrueNas(
  { reading, changing }: { reading: TrueNas; changing: TrueNasChanges },
  clock: Clock = systemClock,
): ZfsChanges {
  const zfs = zfsOverTrueNas(reading, clock);
  const features = once(() => reading.features());
  const snapshots = async (verb: string, params: Json[]) =>
    void (await changing.call(`${(await features()).snapshots}.${verb}`, params));

  async function asked<S extends z.ZodType>(what: string, shape: S, method: string, params: Json[]) {
    const answer = shape.safeParse(await reading.call(method, params));
    if (answer.success) return answer.data;
    throw notUnderstood(what, answer.error);
  }

  /** TrueNAS numbers its pools for itself. */
  async function idOf(pool: string): Promise<number> {
    const [found] = await asked("pools", pools, "pool.query", [[["name", "=", pool]]]);
    if (found === undefined) throw notFound();
    return found.id;
  }

  const scanOf = async (pool: string) => (await zfs.pools()).find(({ name }) => name === pool)?.scan ?? null;

  /** START's job goes on for as long as the scrub: it is left alone as soon as it is known to run. */
  async function startScrub(pool: string): Promise<void> {
    const before = await scanOf(pool);
    const seen = new AbortController();
    const end = await changing.job("pool.scrub.scrub", [pool, "START"], () => seen.abort(), seen.signal);
    if (!seen.signal.aborted) return ended(end);
    const until = clock.monotonic() + begins_ms;
    do {
      const now = await scanOf(pool);
      const moved = now?.started_at !== before?.started_at || now?.state !== before?.state;
      if (now?.function === "scrub" && moved && now.state !== "canceled") return;
      await clock.sleep(1_000);
    } while (clock.monotonic() < until);
    throw new StewardError(
      "conflict",
      "TrueNAS took the order, but the pool shows no scrub.",
      "Look at the jobs and alerts in TrueNAS.",
    );
  }

  return {
    async createSnapshot(name, recursive) {
      const [dataset = "", own = ""] = name.split("@");
      await snapshots("create", [{ dataset, name: own, recursive }]);
    },
    async hold(snapshot, tag) {
      if (tag !== trueNasTag)
        throw new StewardError("unsupported", "TrueNAS holds with its own tag only.", `Take the tag ${trueNasTag}.`);
      await snapshots("hold", [snapshot]);
    },
    async release(snapshot, tag) {
      const { holds } = await zfs.snapshot(snapshot);
      if (!holds.includes(tag))
        throw new StewardError("conflict", "It is not held with that tag.", "Look at its holds.");
      if (holds.length > 1)
        throw new StewardError(
          "conflict",
          "Others hold that snapshot too, and TrueNAS would let go of all holds at once.",
          "Release this one with `zfs release` on that machine.",
        );
      await snapshots("release", [snapshot]);
    },
    destroySnapshot: (snapshot) => snapshots("delete", [snapshot]),
    clone: (snapshot, dataset) => snapshots("clone", [{ snapshot, dataset_dst: dataset }]),
    async destroyClone(dataset) {
      const [found] = await asked("datasets", origins, "pool.dataset.query", [[["id", "=", dataset]]]);
      if (found === undefined) throw notFound();
      if (!found.origin?.rawvalue?.includes("@")) throw noClone();
      // TrueNAS would take the clone's own snapshots with it.
      if ((await zfs.snapshots({ dataset })).length > 0)
        throw new StewardError("conflict", "That clone has snapshots of its own.", "Delete those first.");
      await changing.call("pool.dataset.delete", [dataset]);
    },
    // Without options: ZFS refuses where newer snapshots would be lost.
    rollback: (snapshot) => snapshots("rollback", [snapshot]),
    async scrub(pool, action) {
      if (action === "start") return startScrub(pool);
      ended(await changing.job("pool.scrub.scrub", [pool, verbs[action]], () => {}));
    },
    async offline(pool, guid) {
      await changing.call("pool.offline", [await idOf(pool), { label: guid }]);
    },
    async online(pool, guid) {
      await changing.call("pool.online", [await idOf(pool), { label: guid }]);
    },
    async replace(pool, guid, newDevice) {
      const [disk] = await asked("disks", disks, "disk.query", [[["name", "=", newDevice]]]);
      if (disk === undefined)
        throw new StewardError("not_found", "TrueNAS has no disk of that name.", "See get_disks.");
      const options = { label: guid, disk: disk.identifier };
      ended(await changing.job("pool.replace", [await idOf(pool), options], () => {}));
    },
  };
}

const verbs: Readonly<Record<Exclude<ScrubAction, "start">, string>> = { pause: "PAUSE", stop: "STOP" };

function ended(end: JobEnd): void {
  if (end.state === "success") return;
  if (end.state === "unknown")
    throw new StewardError(
      "unreachable",
      `What became of TrueNAS's job is not known: ${end.why} The change may have been made.`,
      "Look at how things are before trying again.",
    );
  throw new StewardError("conflict", `TrueNAS's job did not come through: ${end.why}`, "Look at the pool again.");
}
