import { z } from "zod";
import { StewardError } from "../../../shared/errors.ts";
import type { Snapshot, Zfs } from "../../../systems/zfs/port.ts";
import { step } from "../../define.ts";
import { settled } from "../settle.ts";
import { lineageIfAny } from "./place.ts";

const snapshot = z.object({ host: z.string(), snapshot: z.string() });
const guid = snapshot.extend({ guid: z.string() });

/** The snapshot as it is now; null: there is none of that name. */
async function snapshotIfAny(zfs: Zfs, name: string): Promise<Snapshot | null> {
  try {
    return await zfs.snapshot(name);
  } catch (error) {
    if (error instanceof StewardError && error.code === "not_found") return null;
    throw error;
  }
}

/** Errors: conflict where another one has its name by now. */
async function same(zfs: Zfs, name: string, planned: string): Promise<void> {
  const now = await snapshotIfAny(zfs, name);
  if (now?.guid === planned) return;
  throw new StewardError("conflict", `${name} is not what it was when this was planned.`, "Plan it again.");
}

const taken = z.object({ taken: z.record(z.string(), z.string()) });

/** `recursive` takes it of all below as well; what is undone is exactly what was taken, known by its guid. */
const take = step({
  args: snapshot.extend({ recursive: z.boolean().default(false) }),
  async does({ host, snapshot: name, recursive }, { changes, systems }) {
    const { system } = systems.zfs.one(host);
    await settled(
      () => changes.zfs.one(host).system.createSnapshot(name, recursive),
      async () => (await snapshotIfAny(system, name)) !== null,
    );
    const [dataset = "", own = ""] = name.split("@");
    const all = recursive ? await system.snapshots({}) : [await system.snapshot(name)];
    const made = all.filter(
      (one) => one.name === name || (one.name.startsWith(`${dataset}/`) && one.name.endsWith(`@${own}`)),
    );
    return { taken: Object.fromEntries(made.map((one) => [one.name, one.guid])) };
  },
  // Without its guid nobody knows whose it is: one snapshot too many takes nothing from anybody.
  async undoes({ host }, outcome, { changes, systems }) {
    if (outcome === undefined) return;
    for (const [name, was] of Object.entries(taken.parse(outcome).taken))
      if ((await snapshotIfAny(systems.zfs.one(host).system, name))?.guid === was)
        await changes.zfs.one(host).system.destroySnapshot(name);
  },
});

const holding = (wanted: boolean) =>
  step({
    args: snapshot.extend({ tag: z.string() }),
    async does({ host, snapshot: name, tag }, { changes, systems }) {
      const { system } = changes.zfs.one(host);
      await settled(
        () => (wanted ? system.hold(name, tag) : system.release(name, tag)),
        async () => (await systems.zfs.one(host).system.snapshot(name)).holds.includes(tag) === wanted,
      );
      return {};
    },
    async undoes({ host, snapshot: name, tag }, _outcome, { changes, systems }) {
      const now = await snapshotIfAny(systems.zfs.one(host).system, name);
      if (now === null || now.holds.includes(tag) !== wanted) return;
      const { system } = changes.zfs.one(host);
      await (wanted ? system.release(name, tag) : system.hold(name, tag));
    },
  });

const clone = step({
  args: snapshot.extend({ to: z.string() }),
  async does({ host, snapshot: name, to }, { changes, systems }) {
    await settled(
      () => changes.zfs.one(host).system.clone(name, to),
      async () => (await lineageIfAny(systems.zfs.one(host).system, to))?.origin === name,
    );
    return {};
  },
  async undoes({ host, snapshot: name, to }, _outcome, { changes, systems }) {
    const now = await lineageIfAny(systems.zfs.one(host).system, to);
    if (now?.origin === name) await changes.zfs.one(host).system.destroyClone(to);
  },
});

const destroy = step({
  args: guid,
  async does({ host, snapshot: name, guid: planned }, { changes, systems }) {
    const { system } = systems.zfs.one(host);
    await same(system, name, planned);
    await settled(
      () => changes.zfs.one(host).system.destroySnapshot(name),
      async () => (await snapshotIfAny(system, name))?.guid !== planned,
    );
    return {};
  },
  async undoes() {},
});

/** So much less than before can't be chance. */
const halved = { least_bytes: 1_000_000 };

const rollback = step({
  args: guid,
  async does({ host, snapshot: name, guid: planned }, { changes, systems }) {
    const { system } = systems.zfs.one(host);
    await same(system, name, planned);
    const [dataset = ""] = name.split("@");
    const written = async () => (await system.lineage(dataset)).written_bytes;
    const before = await written();
    await settled(
      () => changes.zfs.one(host).system.rollback(name),
      async () => {
        const now = await written();
        return before !== null && now !== null && before >= halved.least_bytes && now < before / 2;
      },
    );
    return {};
  },
  async undoes() {},
});

export const snapshotSteps = {
  create: take,
  mark: take,
  hold: holding(true),
  release: holding(false),
  clone,
  delete: destroy,
  rollback,
};
