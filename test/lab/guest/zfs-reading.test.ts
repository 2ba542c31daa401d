import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectShell, type Shells } from "../../../src/systems/shell/index.ts";
import { type Zfs, zfsOverShell } from "../../../src/systems/zfs/index.ts";
import { getStorage } from "../../../src/tools/storage/get-storage.ts";
import { bothWays } from "../support/both-ways.ts";
import { openGuestHome } from "../support/guest-home.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

const storage = z.object({
  pools: z.array(
    z.looseObject({ pool: z.string(), vdevs: z.array(z.looseObject({ name: z.string(), guid: z.string() })) }),
  ),
  datasets: z.array(z.looseObject({ dataset: z.string() })),
});

describe.skipIf(guestMissing !== null)(onGuest("pools, datasets and snapshots of a real OpenZFS"), () => {
  let guest: ZfsGuest;
  let home: Awaited<ReturnType<typeof openGuestHome>>;
  let shells: Shells;
  let zfs: Zfs;
  beforeAll(async () => {
    guest = await startZfsGuest();
    home = await openGuestHome(guest);
    shells = connectShell({ kind: "ssh", ssh: guest.ssh });
    zfs = zfsOverShell(shells.reading);
  });
  afterAll(async () => {
    await shells.close();
    await home.close();
    await guest.down();
  });

  const look = async (more: object = {}) =>
    storage.parse(await home.call(getStorage.name, { detail: "full", ...more }));
  const poolNamed = async (pool: string) => (await look({ pool })).pools[0];

  it("is the version that these tests are about", async () => {
    expect(await guest.run("zfs version")).toMatch(/^zfs-2\.3\.\d+.*\nzfs-kmod-2\.3\./);
  });

  it("get_storage: a mirror with a spare and a raidz, nothing wrong with either", async () => {
    const { pools } = await look();
    const sizeOf = async (pool: string) => Number(await guest.run(`zpool list -Hpo size ${pool}`));
    const told = async (pool: string) =>
      (await guest.run(`zfs list -Hpo used,available ${pool}`)).split("\t").map(Number);
    expect(pools.map(({ pool }) => pool)).toEqual(["backup", "tank"]);
    const [used = 0, available = 0] = await told("backup");
    expect(pools[0]).toMatchObject({
      state: "online",
      layout: "raidz1 of 3",
      problems: [],
      scan: { function: "scrub", state: "finished", done_percent: 100, eta_s: null, errors: 0 },
      snapshots: 1,
      usable_bytes: used + available,
      available_bytes: available,
    });
    // A third of a raidz1 of three is parity, and ZFS keeps a little for itself.
    expect((used + available) / (await sizeOf("backup"))).toBeCloseTo(0.6, 1);
    expect(pools[1]).toMatchObject({
      state: "online",
      layout: "mirror of 2 + disk (spare)",
      problems: [],
      snapshots: 4,
    });
    const lines = pools[1]?.vdevs.map(({ depth, name, class: of, state, disk }) => [depth, name, of, state, disk]);
    expect(lines).toEqual([
      [0, "mirror-0", "data", "online", null],
      [1, "ata-LAB_SATA_LAB-SATA-0", "data", "online", "sde"],
      [1, "ata-LAB_SATA_LAB-SATA-1", "data", "online", "sdf"],
      [0, "ata-LAB_SATA_LAB-SATA-2", "spare", "available", "sdg"],
    ]);
    const guids = await guest.run(
      "zpool get -Hpo value guid tank mirror-0 LAB-SATA-0 LAB-SATA-1".replaceAll("LAB-S", "ata-LAB_SATA_LAB-S"),
    );
    expect(pools[1]?.vdevs.slice(0, 3).map(({ guid }) => guid)).toEqual(guids.split("\n"));
  });

  it("special, log and cache devices, and sectors of two sizes", async () => {
    await guest.run(
      "zpool add --allow-ashift-mismatch -o ashift=9 tank special mirror /dev/sda /dev/sdb log /dev/sdc cache /dev/sdd",
    );
    const pool = await poolNamed("tank");
    expect(pool).toMatchObject({
      layout: "mirror of 2 + mirror of 2 (special) + disk (log) + disk (cache) + disk (spare)",
      problems: [{ severity: "info", what: "mixed ashift", evidence: "vdevs with ashift 9 and 12" }],
    });
    const lines = pool?.vdevs.map(({ class: of, disk, ashift }) => [of, disk, ashift]);
    expect(lines).toEqual([
      ["data", null, 12],
      ["data", "sde", 12],
      ["data", "sdf", 12],
      ["special", null, 9],
      ["special", "sda", 9],
      ["special", "sdb", 9],
      ["log", "sdc", 9],
      ["cache", "sdd", null],
      ["spare", "sdg", null],
    ]);
    await bothWays(shells);
  });

  it("datasets: quota, compression, read-only, a name with a space", async () => {
    await guest.run(
      "zfs set quota=200M refquota=100M compression=zstd readonly=on tank/media && zfs create 'tank/my films' && " +
        "head -c 3000000 /dev/zero | tr '\\0' a > '/tank/my films/a' && sync",
    );
    const { datasets } = await look({ pool: "tank" });
    expect(datasets.map(({ dataset }) => dataset)).toEqual([
      "tank",
      "tank/data",
      "tank/media",
      "tank/my films",
      "tank/volume",
    ]);
    expect(datasets[2]).toMatchObject({
      type: "filesystem",
      quota_bytes: 200 * 1024 * 1024,
      refquota_bytes: 100 * 1024 * 1024,
      compression: "zstd",
      readonly: true,
      encrypted: false,
      snapshots: 1,
      schedule: null,
    });
    expect(datasets[3]).toMatchObject({ snapshots: 0, newest_snapshot_age_s: null, compression: "lz4" });
    expect(datasets[3]?.compress_ratio).toBeGreaterThan(10);
    expect(datasets[4]).toMatchObject({ type: "volume", quota_bytes: null });
  });

  it("snapshots with their holds and clones", async () => {
    await guest.run(
      "zfs hold keep tank/data@base; zfs hold other tank/data@base; zfs clone tank/data@base tank/copy; " +
        "zfs snapshot 'tank/my films@first one'",
    );
    const base = await zfs.snapshot("tank/data@base");
    const [guid, creation, referenced] = (
      await guest.run("zfs get -Hpo value guid,creation,referenced tank/data@base")
    ).split("\n");
    expect(base).toMatchObject({
      dataset: "tank/data",
      guid,
      created_at: Number(creation) * 1000,
      referenced_bytes: Number(referenced),
      clones: ["tank/copy"],
    });
    expect(base.holds.toSorted()).toEqual(["keep", "other"]);
    expect((await zfs.snapshots({ dataset: "tank/my films" })).map(({ name }) => name)).toEqual([
      "tank/my films@first one",
    ]);
    expect(await zfs.snapshots({})).toHaveLength(6);
    await expect(zfs.snapshot("tank/data@gone")).rejects.toMatchObject({ code: "not_found" });
    await expect(zfs.snapshots({ dataset: "tank/gone" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("pool:// and pools:// tell the same", async () => {
    const read = await home.read("pool", { host: "nas", pool: "backup" });
    const { pools } = await look({ pool: "backup" });
    expect(pools[0]).toMatchObject({ host: "nas", pool: "backup" });
    expect(read).toMatchObject({ ...pools[0] });
    const all = z.object({ pools: z.array(z.looseObject({ pool: z.string() })) });
    expect(all.parse(await home.read("pools", { host: "nas" })).pools.map(({ pool }) => pool)).toEqual([
      "backup",
      "tank",
    ]);
    await expect(home.read("pool", { host: "nas", pool: "gone" })).rejects.toMatchObject({ code: "not_found" });
  });
});
