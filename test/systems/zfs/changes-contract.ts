import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Vdev, Zfs, ZfsChanges } from "../../../src/systems/zfs/port.ts";

/** A machine with ZFS for the contract, real or played. Opened anew for every test: tests leave what they made. */
export interface ZfsRig {
  reading: Zfs;
  changing: ZfsChanges;
  pool: string;
  /** A filesystem without snapshots that has exactly one dataset below it. */
  dataset: string;
  below: string;
  /** Writes so many bytes of data to a dataset, and returns when they are on disk. */
  write(dataset: string, bytes: number): Promise<void>;
  /** Lets scrubs go on until this is called; null where a scrub can't be kept from ending by itself. */
  finishScrub: (() => Promise<void>) | null;
  /** A disk outside of the pool, as `replace` names it; null: there is none. */
  spare: string | null;
  close(): Promise<void>;
}

const leavesOf = (vdevs: readonly Vdev[]): Vdev[] =>
  vdevs.flatMap((vdev) => (vdev.children.length === 0 ? [vdev] : leavesOf(vdev.children)));
const conflict = { code: "conflict" };

/** What every way to change ZFS must do, and a simulated one as a real one does it. The pool is a mirror of two disks. */
export function zfsChangesContract(title: string, open: () => Promise<ZfsRig>): void {
  describe(title, () => {
    let rig: ZfsRig;
    let zfs: Zfs;
    let changing: ZfsChanges;
    let tag: string;
    beforeEach(async () => {
      rig = await open();
      ({ reading: zfs, changing } = rig);
      tag = zfs.rules.hold_tag ?? "home-steward";
    });
    afterEach(() => rig?.close());

    const at = (name: string) => `${rig.dataset}@${name}`;
    const take = (name: string) => changing.createSnapshot(at(name), false);
    const line = async () => (await zfs.lineage(rig.dataset)).snapshots;
    const pool = async () => {
      const found = (await zfs.pools()).find(({ name }) => name === rig.pool);
      if (found === undefined) throw new Error("the pool is gone");
      return found;
    };
    const leaves = async () => leavesOf((await pool()).vdevs.filter((vdev) => vdev.class === "data"));

    it("tells a dataset with its snapshots in the order they were taken", async () => {
      await take("zebra");
      await rig.write(rig.dataset, 3_000_000);
      await take("ant");
      const lineage = await zfs.lineage(rig.dataset);
      expect(lineage).toMatchObject({
        pool_guid: (await pool()).guid,
        dataset: rig.dataset,
        type: "filesystem",
        origin: null,
        below: [rig.below],
        snapshots: [
          { name: at("zebra"), dataset: rig.dataset, holds: [], clones: [] },
          { name: at("ant"), holds: [], clones: [] },
        ],
      });
      const [zebra, ant] = lineage.snapshots;
      expect(ant?.txg).toBeGreaterThan(zebra?.txg ?? Infinity);
      expect(ant?.written_bytes ?? 3_000_000).toBeGreaterThanOrEqual(2_900_000);
      expect((await zfs.lineage(rig.dataset)).created_at).toBe(lineage.created_at);
      await expect(zfs.lineage(`${rig.pool}/nothing`)).rejects.toMatchObject({ code: "not_found" });
    });

    it("takes a snapshot once, of one dataset or of all below", async () => {
      await take("one");
      await expect(take("one")).rejects.toMatchObject(conflict);
      await changing.createSnapshot(at("all"), true);
      expect((await line()).map(({ name }) => name)).toEqual([at("one"), at("all")]);
      expect((await zfs.snapshots({ dataset: rig.below })).map(({ name }) => name)).toEqual([`${rig.below}@all`]);
      await expect(changing.createSnapshot(`${rig.pool}/nothing@one`, false)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:not_found|bad_input)$/),
      });
    });

    it("holds a snapshot, which then can't be deleted until it is released", async () => {
      await take("kept");
      await changing.hold(at("kept"), tag);
      expect(await zfs.snapshot(at("kept"))).toMatchObject({ holds: [tag] });
      await expect(changing.destroySnapshot(at("kept"))).rejects.toMatchObject(conflict);
      await changing.release(at("kept"), tag);
      await expect(changing.release(at("kept"), tag)).rejects.toMatchObject(conflict);
      await changing.destroySnapshot(at("kept"));
      expect(await line()).toEqual([]);
      await expect(changing.destroySnapshot(at("kept"))).rejects.toMatchObject({ code: "not_found" });
    });

    it("clones a snapshot, which then can't be deleted, and removes nothing but a clone", async () => {
      await take("base");
      const copy = `${rig.pool}/home-steward-copy`;
      await changing.clone(at("base"), copy);
      expect(await zfs.lineage(copy)).toMatchObject({ origin: at("base"), snapshots: [] });
      expect((await line())[0]?.clones).toEqual([copy]);
      await expect(changing.clone(at("base"), copy)).rejects.toMatchObject(conflict);
      await expect(changing.destroySnapshot(at("base"))).rejects.toMatchObject(conflict);
      await expect(changing.destroyClone(rig.below)).rejects.toMatchObject(conflict);
      await changing.createSnapshot(`${copy}@own`, false);
      await expect(changing.destroyClone(copy)).rejects.toMatchObject(conflict);
      await changing.destroySnapshot(`${copy}@own`);
      await changing.destroyClone(copy);
      expect((await line())[0]?.clones).toEqual([]);
      expect((await zfs.datasets()).map(({ name }) => name)).toContain(rig.below);
    });

    it("rolls back to the newest snapshot only", async () => {
      await take("old");
      await rig.write(rig.dataset, 2_000_000);
      await take("new");
      await rig.write(rig.dataset, 5_000_000);
      const before = await zfs.lineage(rig.dataset);
      expect(before.written_bytes ?? 5_000_000).toBeGreaterThanOrEqual(4_900_000);
      await expect(changing.rollback(at("old"))).rejects.toMatchObject(conflict);
      expect((await zfs.lineage(rig.dataset)).referenced_bytes).toBe(before.referenced_bytes);
      await changing.rollback(at("new"));
      const after = await zfs.lineage(rig.dataset);
      expect(after.written_bytes ?? 0).toBeLessThan(1_000_000);
      expect(before.referenced_bytes - after.referenced_bytes).toBeGreaterThan(4_000_000);
      await changing.destroySnapshot(at("new"));
      await changing.rollback(at("old"));
      expect((await line()).map(({ name }) => name)).toEqual([at("old")]);
    });

    it("tells what deleting several would free, where ZFS is asked itself, and deletes nothing by it", async () => {
      await take("one");
      await take("two");
      const freed = await zfs.wouldFree([at("one"), at("two")]);
      if (zfs.rules.hold_tag === null) expect(freed).toEqual(expect.any(Number));
      else expect(freed).toBeNull();
      expect(await line()).toHaveLength(2);
    });

    it("starts, pauses, resumes and stops a scrub", async ({ skip }) => {
      if (rig.finishScrub === null) return skip("a scrub here ends too soon to be paused");
      const scan = async () => (await pool()).scan;
      const before = await scan();
      await changing.scrub(rig.pool, "start");
      const running = await scan();
      expect(running).toMatchObject({ function: "scrub", state: "running", ended_at: null });
      expect(running?.started_at).not.toBe(before?.started_at);
      await expect(changing.scrub(rig.pool, "start")).rejects.toMatchObject(conflict);
      await changing.scrub(rig.pool, "pause");
      expect(await scan()).toMatchObject({ state: "paused", started_at: running?.started_at });
      await changing.scrub(rig.pool, "start");
      expect(await scan()).toMatchObject({ state: "running", started_at: running?.started_at });
      await changing.scrub(rig.pool, "stop");
      expect(await scan()).toMatchObject({ state: "canceled", started_at: running?.started_at });
      await expect(changing.scrub(rig.pool, "stop")).rejects.toMatchObject(conflict);
      await changing.scrub(rig.pool, "start");
      await rig.finishScrub();
      expect(await scan()).toMatchObject({ state: "finished", errors: 0 });
      await expect(changing.scrub("nothing-here", "start")).rejects.toMatchObject({ code: "not_found" });
    });

    it("takes a disk out of its mirror and back in, never the last one", async () => {
      const [one, other] = await leaves();
      if (one === undefined || other === undefined) throw new Error("the pool is no mirror");
      await changing.offline(rig.pool, other.guid);
      expect(await pool()).toMatchObject({ state: "degraded" });
      expect((await leaves()).map(({ state }) => state)).toEqual(["online", "offline"]);
      await expect(changing.offline(rig.pool, one.guid)).rejects.toMatchObject(conflict);
      await changing.online(rig.pool, other.guid);
      expect((await leaves()).map(({ state }) => state)).toEqual(["online", "online"]);
      await expect(changing.offline(rig.pool, "1")).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:not_found|bad_input)$/),
      });
    });

    it("puts a new disk in the place of one", async ({ skip }) => {
      if (rig.spare === null) return skip("there is no other disk");
      const [one, other] = await leaves();
      await changing.offline(rig.pool, other?.guid ?? "");
      await expect(changing.replace(rig.pool, other?.guid ?? "", "none-such")).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:not_found|refused)$/),
      });
      await changing.replace(rig.pool, other?.guid ?? "", rig.spare);
      const guids = () => leaves().then((now) => now.map(({ guid }) => guid));
      await expect.poll(guids, { timeout: 30_000 }).not.toContain(other?.guid);
      expect(await guids()).toContain(one?.guid);
      expect(await pool()).toMatchObject({ scan: { function: "resilver" } });
    });
  });
}
