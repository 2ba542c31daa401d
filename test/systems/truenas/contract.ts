import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { TrueNas, TrueNasChanges, TrueNasFeatures } from "../../../src/systems/truenas/port.ts";

/** A TrueNAS with the demo home's pools, however it is reached. */
export interface Rig {
  reading: TrueNas;
  changing: TrueNasChanges;
  features: TrueNasFeatures;
  /** What of the calls so far does not fit the published contract of the release; null where that is not here. */
  misfits(): string[] | null;
  close(): Promise<void>;
}

const pools = z.array(
  z.object({
    name: z.string(),
    guid: z.string(),
    status: z.string(),
    size: z.number(),
    fragmentation: z.string(),
    topology: z.object({
      data: z.array(z.object({ name: z.string(), children: z.array(z.object({ disk: z.string() })) })),
    }),
    scan: z
      .object({ function: z.string().nullable(), state: z.string().nullable(), end_time: z.number().nullable() })
      .nullable(),
  }),
);
const dataset = z.object({
  available: z.object({ parsed: z.number() }),
  compression: z.object({ parsed: z.string() }),
});
const snapshots = z.array(
  z.object({
    id: z.string(),
    properties: z.object({ creation: z.object({ parsed: z.number() }), used: z.object({ parsed: z.number() }) }),
    holds: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** What every release must answer over every way: the same. `open` is called once. */
export function trueNasContract(title: string, open: () => Promise<Rig>): void {
  describe(title, () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await open();
    });
    afterAll(() => rig?.close());
    const verb = (name: string) => `${rig.features.snapshots}.${name}`;
    const held = async (id: string) => {
      const answer = await rig.reading.call(verb("query"), [[["id", "=", id]], { extra: { holds: true } }]);
      return snapshots.parse(answer).map(({ holds }) => Object.keys(holds ?? {}));
    };

    it("says which release it is and what that can do", async () => {
      expect(await rig.reading.features()).toEqual(rig.features);
    });

    it("lists pools with their disks, raw sizes as numbers, guids as text and dates in ms", async () => {
      const [apps, media] = pools.parse(await rig.reading.call("pool.query", []));
      expect(apps).toMatchObject({ name: "apps", status: "ONLINE", size: 1e12, fragmentation: "31" });
      expect(apps?.guid).toBe("7168787819448245360");
      expect(media?.topology.data.map(({ name }) => name)).toEqual(["raidz2-0"]);
      expect(media?.topology.data[0]?.children.map(({ disk }) => disk)).toEqual([
        "sda",
        "sdb",
        "sdc",
        "sdd",
        "sde",
        "sdf",
      ]);
      expect(media?.scan).toMatchObject({ function: "SCRUB", state: "FINISHED", end_time: Date.UTC(2027, 0, 3, 21) });
    });

    it("finds one by a filter, and says so when there is none", async () => {
      const one = await rig.reading.call("pool.dataset.query", [[["id", "=", "media"]], { get: true }]);
      expect(dataset.parse(one)).toEqual({ available: { parsed: 8e12 }, compression: { parsed: "lz4" } });
      const none = rig.reading.call("pool.dataset.query", [[["id", "=", "nothing"]], { get: true }]);
      await expect(none).rejects.toMatchObject({ code: "not_found" });
    });

    it("makes, holds, releases and removes a snapshot", async () => {
      const id = "personal/photos@before";
      await rig.changing.call(verb("create"), [{ dataset: "personal/photos", name: "before" }]);
      await expect(
        rig.changing.call(verb("create"), [{ dataset: "personal/photos", name: "before" }]),
      ).rejects.toMatchObject({ code: "conflict" });
      await rig.changing.call(verb("hold"), [id]);
      expect(await held(id)).toEqual([["truenas"]]);
      await expect(rig.changing.call(verb("delete"), [id])).rejects.toMatchObject({ code: "conflict" });
      await rig.changing.call(verb("release"), [id]);
      expect(await held(id)).toEqual([[]]);
      await rig.changing.call(verb("delete"), [id]);
      expect(await held(id)).toEqual([]);
    });

    it("keeps a snapshot that has a clone", async () => {
      const id = "personal/documents@of-clone";
      await rig.changing.call(verb("create"), [{ dataset: "personal/documents", name: "of-clone" }]);
      await rig.changing.call(verb("clone"), [{ snapshot: id, dataset_dst: "personal/copy" }]);
      await expect(rig.changing.call(verb("delete"), [id])).rejects.toMatchObject({ code: "conflict" });
      await rig.changing.call("pool.dataset.delete", ["personal/copy"]);
      await rig.changing.call(verb("delete"), [id]);
    });

    it("follows a scrub to its end", async () => {
      const seen: number[] = [];
      const end = await rig.changing.job("pool.scrub.scrub", ["media", "START"], ({ percent }) => seen.push(percent));
      expect(end).toEqual({ state: "success", result: null });
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(seen.length).toBeGreaterThan(0);
      const [, media] = pools.parse(await rig.reading.call("pool.query", []));
      expect(media?.scan?.state).toBe("FINISHED");
    });

    it("says no in its own words", async () => {
      const nowhere = rig.changing.call(verb("create"), [{ dataset: "nowhere", name: "x" }]);
      await expect(nowhere).rejects.toMatchObject({
        code: "bad_input",
        message: expect.not.stringContaining("nowhere"),
      });
      const none = rig.changing.job("pool.scrub.scrub", ["nothing", "START"], () => {});
      await expect(none).rejects.toMatchObject({ code: "not_found" });
    });

    it("calls nothing that is not in its lists", async () => {
      const no = { code: "refused", fix: expect.stringContaining("report") };
      await expect(rig.reading.call("pool.export", [1])).rejects.toMatchObject(no);
      await expect(rig.reading.call(verb("delete"), ["media@x"])).rejects.toMatchObject(no);
      await expect(rig.changing.call("pool.scrub.scrub", ["media"])).rejects.toMatchObject(no);
      expect(() => rig.changing.job("pool.export", [1], () => {})).toThrow("does not call that method");
    });

    it("says which method a release does not have", async () => {
      const other = rig.features.snapshots === "pool.snapshot" ? "zfs.snapshot.query" : "pool.snapshot.query";
      await expect(rig.reading.call(other, [])).rejects.toMatchObject({
        code: "unsupported",
        message: `This release of TrueNAS has no ${other}.`,
      });
    });

    it("asked and was answered as that release declares it", (test) => {
      const misfits = rig.misfits();
      if (misfits === null) test.skip("skipped: the published contracts are not here");
      expect(misfits).toEqual([]);
    });
  });
}
