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
const leafShape = z.array(
  z.object({
    status: z.string(),
    topology: z.object({
      data: z.array(
        z.object({
          children: z.array(z.object({ guid: z.string(), status: z.string(), disk: z.string().nullable() })),
        }),
      ),
    }),
  }),
);
const named = z.array(z.object({ name: z.string(), pool: z.string().nullish() }));
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

    it("has nothing to stop where nothing is scrubbed", async () => {
      const stop = rig.changing.job("pool.scrub.scrub", ["personal", "STOP"], () => {});
      await expect(stop).rejects.toMatchObject({ code: "conflict" });
    });

    it("lists disks with their pools where asked, tasks, alerts, services and applications", async () => {
      const disks = named.parse(await rig.reading.call("disk.query", [[], { extra: { pools: true } }]));
      expect(disks.map(({ name, pool }) => `${name} ${pool}`)).toContain("nvme0n1 apps");
      expect(named.parse(await rig.reading.call("disk.query", [])).map(({ pool }) => pool)).not.toContain("apps");
      const tasks = z.array(z.object({ dataset: z.string(), schedule: z.object({ hour: z.string() }) }));
      expect(tasks.parse(await rig.reading.call("pool.snapshottask.query", []))).toEqual([
        { dataset: "personal", schedule: { hour: "2" } },
        { dataset: "apps/config", schedule: { hour: "*/6" } },
      ]);
      const alerts = z.array(z.object({ klass: z.string(), datetime: z.number(), uuid: z.string() }));
      const [alert] = alerts.parse(await rig.reading.call("alert.list", []));
      expect(alert).toMatchObject({ klass: "ZpoolCapacityWarning", datetime: Date.UTC(2027, 0, 12, 12) });
      await rig.changing.call("alert.dismiss", [alert?.uuid ?? ""]);
      const apps = named.parse(await rig.reading.call(`${rig.features.apps}.query`, []));
      expect(apps.map(({ name }) => name)).toEqual(["plex", "syncthing"]);
    });

    it("starts and stops a service the way its release does", async () => {
      const state = async () => {
        const one = await rig.reading.call("service.query", [[["service", "=", "nfs"]], { get: true }]);
        return z.object({ state: z.string() }).parse(one).state;
      };
      expect(await state()).toBe("STOPPED");
      if (rig.features.services === "control") {
        expect(await rig.changing.job("service.control", ["START", "nfs"], () => {})).toMatchObject({
          state: "success",
        });
      } else await rig.changing.call("service.start", ["nfs"]);
      expect(await state()).toBe("RUNNING");
    });

    it("takes a disk out of a mirror, and another one in", async () => {
      const leaves = async () => {
        const [, , personal] = leafShape.parse(await rig.reading.call("pool.query", []));
        return { status: personal?.status, leaves: personal?.topology.data[0]?.children ?? [] };
      };
      const [, old] = (await leaves()).leaves;
      await rig.changing.call("pool.offline", [3, { label: old?.guid ?? "" }]);
      expect(await leaves()).toMatchObject({
        status: "DEGRADED",
        leaves: [{ status: "ONLINE" }, { status: "OFFLINE" }],
      });
      await rig.changing.call("pool.online", [3, { label: old?.guid ?? "" }]);
      expect(await leaves()).toMatchObject({ status: "ONLINE" });
      const [spare] = z
        .array(z.object({ identifier: z.string() }))
        .parse(await rig.reading.call("disk.query", [[["name", "=", "sdi"]]]));
      const options = { label: old?.guid ?? "", disk: spare?.identifier ?? "" };
      const end = await rig.changing.job("pool.replace", [3, options], () => {});
      expect(end).toEqual({ state: "success", result: true });
      expect((await leaves()).leaves.map(({ disk }) => disk)).toEqual(["sdg", "sdi"]);
    });

    it("rolls back to the newest snapshot only", async () => {
      const before = snapshots.parse(await rig.reading.call(verb("query"), [[["dataset", "=", "apps/config"]]]));
      const [older, newest] = before.slice(-2).map(({ id }) => id);
      await expect(rig.changing.call(verb("rollback"), [older ?? ""])).rejects.toMatchObject({ code: "conflict" });
      await rig.changing.call(verb("rollback"), [newest ?? ""]);
      expect(before).toHaveLength(7);
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
      await expect(rig.changing.job("pool.export", [1], () => {})).rejects.toMatchObject(no);
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
