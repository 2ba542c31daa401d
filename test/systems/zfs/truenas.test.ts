import { afterEach, describe, expect, test } from "vitest";
import { startTrueNasFake, type TrueNasFake } from "../../../src/demo/truenas/index.ts";
import { releases } from "../../../src/demo/truenas/model.ts";
import { connectTrueNas } from "../../../src/systems/truenas/index.ts";
import { zfsOverTrueNas } from "../../../src/systems/zfs/index.ts";
import { contractOf } from "../truenas/schemas.ts";

const now = () => Date.UTC(2027, 0, 15, 12);
let fake: TrueNasFake;
let close = async () => {};
const open = async (release: (typeof releases)[number]) => {
  fake = await startTrueNasFake({ release, now });
  const { reading } = connectTrueNas(fake.connection);
  close = async () => {
    await reading.close();
    await fake.close();
  };
  return zfsOverTrueNas(reading);
};
afterEach(async () => {
  await close();
  close = async () => {};
});

describe.each(releases)("TrueNAS %s", (release) => {
  test("pools, with what can be stored, the tree and the scan", async () => {
    const [apps, media, personal, ...none] = await (await open(release)).pools();
    expect(none).toEqual([]);
    expect(media).toMatchObject({
      name: "media",
      state: "online",
      created_at: Date.UTC(2026, 0, 1),
      used_bytes: 38e12,
      available_bytes: 8e12,
      usable_bytes: 46e12,
      raw_size_bytes: 72e12,
      fragmentation_percent: 11,
      data_errors: null,
      scan: {
        function: "scrub",
        state: "finished",
        started_at: Date.UTC(2027, 0, 3, 12),
        ended_at: Date.UTC(2027, 0, 3, 21),
        done_percent: 100,
        eta_s: null,
        errors: 0,
        repaired_bytes: null,
      },
    });
    expect(apps).toMatchObject({ guid: "7168787819448245360", scan: null });
    expect(media?.vdevs).toMatchObject([
      { name: "raidz2-0", type: "raidz2", class: "data", ashift: 12, path: null, disk: null },
    ]);
    expect(media?.vdevs[0]?.children.map(({ name, disk, type }) => [name, disk, type])).toEqual(
      ["sda", "sdb", "sdc", "sdd", "sde", "sdf"].map((disk) => [disk, disk, "disk"]),
    );
    expect(personal?.vdevs[0]?.children.map(({ disk }) => disk)).toEqual(["sdg", "sdh"]);
  });

  test("datasets, once each", async () => {
    const datasets = await (await open(release)).datasets();
    expect(datasets.map(({ name }) => name).toSorted()).toEqual([
      "apps",
      "apps/config",
      "apps/vm",
      "media",
      "media/films",
      "media/series",
      "personal",
      "personal/documents",
      "personal/photos",
    ]);
    expect(datasets.find(({ name }) => name === "apps/config")).toEqual({
      name: "apps/config",
      type: "filesystem",
      created_at: Date.UTC(2026, 0, 1),
      used_bytes: 1e11,
      available_bytes: 560e9,
      used_by_snapshots_bytes: 28_000_000,
      quota_bytes: 2e11,
      refquota_bytes: null,
      compression: "lz4",
      compress_ratio_percent: 173,
      mountpoint: "/mnt/apps/config",
      readonly: false,
      encrypted: false,
    });
    expect(datasets.find(({ name }) => name === "apps/vm")).toMatchObject({ type: "volume", mountpoint: null });
    expect(datasets.find(({ name }) => name === "personal/documents")).toMatchObject({
      readonly: true,
      encrypted: true,
    });
  });

  test("snapshots and their schedule", async () => {
    const zfs = await open(release);
    expect(await zfs.snapshots({})).toHaveLength(35);
    const photos = await zfs.snapshots({ dataset: "personal/photos", details: true });
    expect(photos).toHaveLength(14);
    expect(photos.at(-1)).toMatchObject({
      name: "personal/photos@auto-2027-01-15_02-00",
      dataset: "personal/photos",
      created_at: Date.UTC(2027, 0, 15, 2),
      used_bytes: 14_000_000,
      referenced_bytes: 400_000_000_000,
      holds: [],
      clones: [],
    });
    expect(await zfs.snapshotTasks()).toEqual([
      { dataset: "personal", recursive: true, enabled: true, every_s: 86_400 },
      { dataset: "apps/config", recursive: false, enabled: true, every_s: 21_600 },
    ]);
  });

  test("one snapshot with its holds, or that there is none", async () => {
    const zfs = await open(release);
    const last = fake.nas.snapshots.find(({ name }) => name === "auto-2027-01-15_02-00");
    if (last) last.holds.push("truenas");
    expect(await zfs.snapshot("personal/photos@auto-2027-01-15_02-00")).toMatchObject({ holds: ["truenas"] });
    await expect(zfs.snapshot("personal/photos@none")).rejects.toMatchObject({ code: "not_found" });
  });
});

test("a clone whose name is none is no answer: it would be shown in a plan", async () => {
  const zfs = await open("25.10");
  const [of] = fake.nas.datasets;
  const [first] = fake.nas.snapshots;
  if (!of || !first) throw new Error("the demo has both");
  fake.nas.datasets.push({ ...of, name: "apps/<b>approve</b>", origin: `${first.dataset}@${first.name}` });
  await expect(zfs.snapshot(`${first.dataset}@${first.name}`)).rejects.toMatchObject({ code: "wrong_answer" });
});

test.for(releases)("asks %s only what that release declares", async (release, { skip }) => {
  const misfits = contractOf(release);
  if (misfits === null) return skip("the published contracts are not here");
  const zfs = await open(release);
  await zfs.everything();
  await zfs.snapshots({ dataset: "personal/photos", details: true });
  expect(fake.exchanges.length).toBeGreaterThan(5);
  expect(fake.exchanges.flatMap(misfits)).toEqual([]);
});

test("a disk that is gone, and a scrub under way", async () => {
  const zfs = await open("25.10");
  const media = fake.nas.pools[1];
  const leaf = media?.topology.data[0]?.children[2];
  if (!media || !leaf) throw new Error("the demo has a raidz2");
  leaf.status = "UNAVAIL";
  leaf.errors.checksum = 7;
  const started = new Date(now() - 3_600_000);
  media.scan = { function: "SCRUB", state: "SCANNING", started, ended: null, paused: null, percent: 40, errors: 0 };
  const pool = (await zfs.pools())[1];
  expect(pool).toMatchObject({
    state: "degraded",
    scan: { state: "running", done_percent: 40, eta_s: 18_000, ended_at: null },
  });
  expect(pool?.vdevs[0]?.children[2]).toMatchObject({
    name: leaf.guid,
    type: "missing",
    state: "unavail",
    disk: null,
    path: null,
    checksum_errors: 7,
  });
  media.scan = { ...media.scan, paused: started };
  expect((await zfs.pools())[1]?.scan).toMatchObject({ state: "paused", eta_s: null });
});
