import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTrueNasFake, type TrueNasFake } from "../../../src/demo/truenas/index.ts";
import { type Release, releases } from "../../../src/demo/truenas/model.ts";
import { resources } from "../../../src/resources/registry.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { connectTrueNas } from "../../../src/systems/truenas/index.ts";
import { type Zfs, zfsOverTrueNas } from "../../../src/systems/zfs/index.ts";
import type { ToolContext } from "../../../src/tools/define.ts";
import { getOverview } from "../../../src/tools/overview/get-overview.ts";
import { getStorage } from "../../../src/tools/storage/get-storage.ts";
import { noSystems } from "../../support/no-systems.ts";
import { noGate } from "../support/house.ts";

const now = Date.UTC(2027, 0, 15, 12);

/** A home of the hosts given, and nothing else. */
function contextOf(hosts: Record<string, Zfs>): ToolContext {
  const at = (host: string) => {
    const zfs = hosts[host];
    if (zfs === undefined) throw new Error(`no host ${host}`);
    return zfs;
  };
  return {
    systems: { ...noSystems, zfs: fleet("zfs", Object.keys(hosts), at) },
    settings: { bandwidthAlerts: [], update: { health_timeout_s: 5, settle_s: 0 } },
    clock: { now: () => now, monotonic: () => 0, sleep: async () => {} },
    signal: new AbortController().signal,
    gate: noGate,
    progress: () => {},
  };
}

const failing = (code: "unreachable" | "unsupported"): Zfs => {
  const fail = async (): Promise<never> => {
    throw new StewardError(code, "It does not answer.", "Switch it on.");
  };
  const lists = { everything: fail, pools: fail, datasets: fail, snapshots: fail, snapshotTasks: fail };
  return {
    ...lists,
    snapshot: fail,
    lineage: fail,
    wouldFree: fail,
    rules: { hold_tag: null, spaces: true, new_disk_by: "by_id", wipes_replaced: false },
  };
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
async function nas(release: Release = "25.10"): Promise<{ fake: TrueNasFake; zfs: Zfs }> {
  const fake = await startTrueNasFake({ release, now: () => now });
  const { reading } = connectTrueNas(fake.connection);
  closing.push(async () => {
    await reading.close();
    await fake.close();
  });
  return { fake, zfs: zfsOverTrueNas(reading) };
}

test("five releases of TrueNAS give the same answer", async () => {
  const answers = [];
  for (const release of releases) {
    const { zfs } = await nas(release);
    answers.push(await getStorage.call({ detail: "full" }, contextOf({ nas: zfs })));
  }
  expect(answers[0]?.structured).toMatchObject({
    pools: [
      { pool: "apps", problems: [{ severity: "warning", what: "scrub overdue" }, { what: "snapshots late" }] },
      { pool: "media" },
      { pool: "personal" },
    ],
    total_datasets: 9,
  });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

describe("the demo's TrueNAS", () => {
  let fake: TrueNasFake;
  let zfs: Zfs;
  beforeEach(async () => {
    ({ fake, zfs } = await nas());
  });

  test("in short: those with problems first, a line a pool", async () => {
    const media = fake.nas.pools[1];
    const leaf = media?.topology.data[0]?.children[3];
    if (!leaf) throw new Error("the demo has a raidz2");
    leaf.status = "FAULTED";
    leaf.errors.checksum = 12;
    const { structured, text } = await getStorage.call({}, contextOf({ nas: zfs }));
    expect(text).toBe(
      [
        "3 pools, 9 datasets.",
        "- media on nas: degraded, raidz2 of 6, 83 % of 46.0 TB used: degraded (sdd is faulted); device errors (sdd: 0 read, 0 write, 12 checksum); filling up (83 % of 46.0 TB used, 8.0 TB free); no snapshots (no dataset of it has one)",
        "- apps on nas: online, mirror of 2, 42 % of 960 GB used: scrub overdue (no scrub on record); snapshots late (the newest of apps/config is 10 h old, one is due every 6 h)",
        "- personal on nas: online, mirror of 2, 26 % of 7.7 TB used: scrub overdue (no scrub on record); snapshots late (personal has none, one is due every 24 h)",
      ].join("\n"),
    );
    expect(structured).not.toHaveProperty("datasets");
    expect(structured).not.toHaveProperty("pools.0.vdevs");
  });

  test("in full: one pool's vdevs and datasets, page after page", async () => {
    const ask = async (more: object) =>
      (await getStorage.call({ pool: "personal", detail: "full", ...more }, contextOf({ nas: zfs }))).structured;
    const first = await ask({ limit: 2 });
    expect(first).toMatchObject({
      pools: [
        {
          pool: "personal",
          vdevs: [
            { depth: 0, name: "mirror-0", type: "mirror", class: "data", disk: null, ashift: 12 },
            { depth: 1, name: "sdg", disk: "sdg", state: "online", checksum_errors: 0 },
            { depth: 1, name: "sdh", disk: "sdh" },
          ],
        },
      ],
      datasets: [{ dataset: "personal", schedule: "task", snapshot_overdue: true }, { dataset: "personal/photos" }],
      total_datasets: 3,
      next_cursor: "2",
    });
    expect(await ask({ cursor: "2" })).toMatchObject({
      datasets: [
        {
          host: "nas",
          dataset: "personal/documents",
          compress_ratio: 1.41,
          readonly: true,
          encrypted: true,
          snapshots: 14,
          newest_snapshot_age_s: 36_000,
          snapshot_due_every_s: 86_400,
          snapshot_overdue: false,
        },
      ],
    });
    await expect(ask({ cursor: "-1" })).rejects.toMatchObject({ code: "bad_input" });
  });

  test("a disk's failure is told also where the snapshots can't be listed", async () => {
    const deaf: Zfs = { ...zfs, everything: async () => ({ ...(await zfs.everything()), snapshots: null }) };
    const { structured } = await getStorage.call({ pool: "personal" }, contextOf({ nas: deaf }));
    expect(structured).toMatchObject({
      pools: [{ problems: [{ what: "scrub overdue" }, { what: "snapshots unread" }], snapshots: null }],
    });
  });

  test("a host that is down takes only its own answer with it", async () => {
    const { structured, text } = await getStorage.call({}, contextOf({ nas: zfs, attic: failing("unreachable") }));
    expect(structured).toMatchObject({
      pools: [{ host: "nas" }, { host: "nas" }, { host: "nas" }],
      silent_hosts: [{ host: "attic", code: "unreachable" }],
    });
    expect(text).toMatch(/^attic does not answer since \S+ \d\d:\d\d UTC: It does not answer\. Switch it on\.$/m);
  });

  test("get_overview has an area for it, which passes over hosts without ZFS", async () => {
    const hosts = { nas: zfs, attic: failing("unreachable"), pi: failing("unsupported") };
    const { structured } = await getOverview.call({ limit: 2 }, contextOf(hosts));
    expect(structured).toMatchObject({
      problems: [
        { severity: "critical", area: "storage", host: "attic", what: "storage does not answer" },
        {
          severity: "warning",
          area: "storage",
          host: "nas",
          subject: "apps",
          what: "scrub overdue",
          next: "get_storage of apps with detail full shows its vdevs and datasets.",
        },
      ],
      left_out: 5,
      counts: [{ area: "storage", host: "nas", counts: { pools: 3, not_online: 0, datasets: 9, snapshots: 35 } }],
    });
  });

  describe("resources", () => {
    const resource = (name: string) => {
      const found = resources.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no resource ${name}`);
      return found;
    };

    test("are listed, and complete what was typed", async () => {
      const context = contextOf({ nas: zfs });
      const uris = async (name: string) => (await resource(name).list(context)).map(({ uri }) => uri);
      expect(await uris("pools")).toEqual(["pools://nas"]);
      expect(await uris("pool")).toEqual(["pool://nas/apps", "pool://nas/media", "pool://nas/personal"]);
      expect(await resource("pool").complete.pool?.("me", { host: "nas" }, context)).toEqual(["media"]);
      expect(await resource("pool").complete.host?.("n", {}, context)).toEqual(["nas"]);
      expect(await resource("pools").complete.host?.("x", {}, context)).toEqual([]);
    });

    test("are read", async () => {
      const context = contextOf({ nas: zfs });
      expect(await resource("pools").read({ host: "nas" }, context)).toMatchObject({
        host: "nas",
        pools: [{ pool: "apps" }, { pool: "media" }, { pool: "personal" }],
      });
      const media = await resource("pool").read({ host: "nas", pool: "media" }, context);
      expect(media).toMatchObject({
        pool: "media",
        vdevs: [
          { name: "raidz2-0" },
          ...["sda", "sdb", "sdc", "sdd", "sde", "sdf"].map((name) => ({ name, depth: 1 })),
        ],
        datasets: [{ dataset: "media" }, { dataset: "media/films" }, { dataset: "media/series" }],
      });
      await expect(resource("pool").read({ host: "nas", pool: "none" }, context)).rejects.toMatchObject({
        code: "not_found",
      });
    });
  });
});
