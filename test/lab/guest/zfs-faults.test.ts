import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectShell, type Shells } from "../../../src/systems/shell/index.ts";
import { bothWays } from "../support/both-ways.ts";
import { openGuestHome } from "../support/guest-home.ts";
import { until } from "../support/lab.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

const storage = z.object({
  pools: z.array(
    z.looseObject({
      state: z.string(),
      problems: z.array(z.object({ severity: z.string(), what: z.string(), evidence: z.string() })),
      scan: z
        .looseObject({
          function: z.string(),
          state: z.string(),
          done_percent: z.number(),
          eta_s: z.number().nullable(),
        })
        .nullable(),
      vdevs: z.array(z.looseObject({ name: z.string(), class: z.string(), state: z.string() })),
    }),
  ),
});
const disks = z.object({ disks: z.array(z.looseObject({ disk: z.string(), tier: z.string() })) });

/** What a person sees of a pool that something happened to; and at rest JSON and text tell the same of it. */
describe.skipIf(guestMissing !== null)(onGuest("a real OpenZFS in trouble"), { timeout: 300_000 }, () => {
  let guest: ZfsGuest;
  let home: Awaited<ReturnType<typeof openGuestHome>>;
  let shells: Shells;
  // Each looks for itself: an earlier reading is what errors are said to grow from.
  beforeEach(async () => {
    home = await openGuestHome(guest);
    shells = connectShell({ kind: "ssh", ssh: guest.ssh });
  });
  afterEach(async () => {
    await shells.close();
    await home.close();
  });

  async function look(pool = "tank") {
    const [seen] = storage.parse(await home.call("get_storage", { pool, detail: "full" })).pools;
    if (seen === undefined) throw new Error("the pool is gone");
    const { problems, vdevs, ...more } = seen;
    return {
      ...more,
      problems: problems.map(({ severity, what, evidence }) => `${severity} ${what}: ${evidence}`),
      vdevs: vdevs.map(({ name, class: of, state }) => `${of} ${name.replace("ata-LAB_SATA_LAB-", "")} ${state}`),
    };
  }
  type Seen = Awaited<ReturnType<typeof look>>;
  const lookUntil = (satisfied: (seen: Seen) => boolean) => until(look, satisfied, 120);
  const tierOf = async (name: string) =>
    disks.parse(await home.call("get_disks", {})).disks.find(({ disk }) => disk === name)?.tier;
  /** A disk of so many bytes a second, or as fast as it is. */
  const slow = (bytes_per_s: number, ...names: string[]) =>
    guest.monitor(...names.map((name) => `block_set_io_throttle ${name} ${bytes_per_s} 0 0 0 0 0`));
  const fill = () => guest.run("head -c 60000000 /dev/urandom > /tank/data/big; zpool sync tank");

  describe("that can be mended", () => {
    beforeAll(async () => {
      guest = await startZfsGuest();
    });
    afterAll(() => guest.down());

    it("a disk taken offline", async () => {
      await guest.run("zpool offline tank ata-LAB_SATA_LAB-SATA-1");
      expect(await look()).toMatchObject({
        state: "degraded",
        problems: ["critical degraded: sdf is offline"],
        vdevs: ["data mirror-0 degraded", "data SATA-0 online", "data SATA-1 offline", "spare SATA-2 available"],
      });
      await bothWays(shells);
      await guest.run("head -c 2000000 /dev/urandom > /tank/data/meanwhile; zpool sync tank");
      await guest.run("zpool online tank ata-LAB_SATA_LAB-SATA-1");
      const back = await lookUntil(({ scan }) => scan?.function === "resilver" && scan.state === "finished");
      expect(back).toMatchObject({ state: "online", problems: [], scan: { done_percent: 100, eta_s: null } });
    });

    it("a scrub: how far it is, paused, ended", async () => {
      await fill();
      await slow(1_000_000, "sata0", "sata1");
      await guest.run("zpool scrub tank");
      const during = await lookUntil(({ scan }) => (scan?.eta_s ?? null) !== null);
      expect(during).toMatchObject({ problems: [], scan: { function: "scrub", state: "running", ended_at: null } });
      expect(during.scan?.done_percent).toBeGreaterThan(0);
      expect(during.scan?.done_percent).toBeLessThan(100);
      await guest.run("zpool scrub -p tank");
      const paused = await look();
      expect(paused).toMatchObject({ scan: { state: "paused", eta_s: null, ended_at: null } });
      expect(paused.problems).toEqual([`info scrub paused: at ${paused.scan?.done_percent} %`]);
      await slow(0, "sata0", "sata1");
      await guest.run("zpool scrub tank; zpool wait -t scrub tank");
      expect(await look()).toMatchObject({ problems: [], scan: { state: "finished", done_percent: 100 } });
    });

    it("a disk whose data were written over: counted, repaired by a scrub, told as growing and as the disk's own", async () => {
      expect(await look("backup")).toMatchObject({ problems: [] });
      // Its daemon calls a disk with so many errors degraded, a moment sooner or later.
      await guest.run("systemctl stop zfs-zed");
      await guest.run("dd if=/dev/urandom of=/dev/vdb1 bs=1M seek=5 count=400 conv=notrunc; zpool scrub -w backup");
      const [text] = (await bothWays(shells)).filter(({ name }) => name === "backup");
      const counted = text?.vdevs[0]?.children[0]?.checksum_errors ?? 0;
      expect(counted).toBeGreaterThan(10);
      const evidence = `vdb: 0 read, 0 write, ${counted} checksum, ${counted} more within`;
      const seen = await look("backup");
      expect(seen).toMatchObject({ state: "online", scan: { function: "scrub", state: "finished", errors: 0 } });
      expect(seen.problems).toEqual([expect.stringContaining(`critical errors growing: ${evidence}`)]);
      expect(text?.scan?.repaired_bytes).toBeGreaterThan(100_000);
      expect(await tierOf("vdb")).toBe("urgent");
      await guest.run("zpool clear backup; systemctl start zfs-zed");
    });

    it("files that can't be read, until a scrub can", async () => {
      await guest.run(
        "zinject -a -t data -e checksum /tank/data/random; cat /tank/data/random > /dev/null || zinject -c all",
      );
      const seen = await look();
      expect(seen.state).toBe("online");
      expect(seen.problems).toEqual([
        expect.stringMatching(/^critical permanent errors: \d in files; zpool status -v names them$/),
        expect.stringMatching(/^warning device errors: sde: 0 read, 0 write, \d+ checksum; sdf: 0 read, /),
      ]);
      await bothWays(shells);
      await guest.run("zpool clear tank; zpool scrub -w tank");
      expect(await look()).toMatchObject({ problems: [] });
    });

    it("a disk that is replaced, and how far the resilver is", async () => {
      await fill();
      await slow(1_000_000, "sata0", "sata3");
      await guest.run("zpool offline tank ata-LAB_SATA_LAB-SATA-1");
      await guest.run("zpool replace tank ata-LAB_SATA_LAB-SATA-1 ata-LAB_SATA_LAB-SATA-3");
      const during = await lookUntil(({ scan }) => (scan?.eta_s ?? null) !== null);
      expect(during).toMatchObject({
        state: "degraded",
        scan: { function: "resilver", state: "running", ended_at: null },
        vdevs: [
          "data mirror-0 degraded",
          "data SATA-0 online",
          "data replacing-1 degraded",
          "data SATA-1 offline",
          "data SATA-3 online",
          "spare SATA-2 available",
        ],
      });
      expect(during.problems).toContainEqual(
        expect.stringMatching(/^warning resilver running: [\d.]+ % done, about .+ to go$/),
      );
      await slow(0, "sata0", "sata3");
      await guest.run("zpool wait -t replace tank");
      expect(await look()).toMatchObject({
        state: "online",
        problems: [],
        scan: { function: "resilver", state: "finished", done_percent: 100, eta_s: null },
        vdevs: ["data mirror-0 online", "data SATA-0 online", "data SATA-3 online", "spare SATA-2 available"],
      });
      await bothWays(shells);
    });
  });

  describe("that needs the spare", () => {
    beforeAll(async () => {
      guest = await startZfsGuest();
    });
    afterAll(() => guest.down());

    it("a disk that is faulted: the spare comes in, and goes when the disk is back", async () => {
      await guest.run("zinject -d ata-LAB_SATA_LAB-SATA-1 -A fault tank");
      const seen = await lookUntil(({ scan, vdevs }) => scan?.state === "finished" && vdevs.length > 4);
      expect(seen).toMatchObject({
        state: "degraded",
        problems: ["critical degraded: sdf is faulted", "warning spare in use: sdg stands in for a failed disk"],
        vdevs: [
          "data mirror-0 degraded",
          "data SATA-0 online",
          "data spare-1 degraded",
          "data SATA-1 faulted",
          "data SATA-2 online",
          "spare SATA-2 in_use",
        ],
      });
      await bothWays(shells);
      await guest.run("zinject -c all; zpool clear tank");
      expect(await lookUntil(({ problems }) => problems.length === 0)).toMatchObject({
        state: "online",
        vdevs: ["data mirror-0 online", "data SATA-0 online", "data SATA-1 online", "spare SATA-2 available"],
      });
    });

    it("a disk that is pulled out: removed, and the spare comes in", async () => {
      await guest.run("echo 1 > /sys/block/sdf/device/delete");
      const seen = await lookUntil(
        ({ scan, vdevs }) => scan?.function === "resilver" && scan.state === "finished" && vdevs.length > 4,
      );
      expect(seen).toMatchObject({
        state: "degraded",
        problems: [
          "critical degraded: ata-LAB_SATA_LAB-SATA-1 is removed",
          "warning spare in use: sdg stands in for a failed disk",
        ],
        vdevs: [
          "data mirror-0 degraded",
          "data SATA-0 online",
          "data spare-1 degraded",
          "data SATA-1 removed",
          "data SATA-2 online",
          "spare SATA-2 in_use",
        ],
      });
      await bothWays(shells);
      expect(await tierOf("sdf")).toBeUndefined();
      await expect(home.read("disk", { host: "nas", disk: "sdf" })).rejects.toMatchObject({ code: "not_found" });
    });
  });
});
