import { furnishAccounts } from "./accounts.ts";
import {
  type App,
  type Dataset,
  type Disk,
  type DiskSmart,
  guidOf,
  type Nas,
  type Node,
  type Pool,
  type Release,
  type Snapshot,
} from "./model.ts";

const TB = 1e12;
const GiB = 2 ** 30;
const DAY = 86_400_000;

const leaf = (disk: string): Node => ({
  type: "DISK",
  name: `part-${disk}`,
  guid: guidOf(`leaf ${disk}`),
  status: "ONLINE",
  disk,
  errors: { read: 0, write: 0, checksum: 0 },
  children: [],
});

const group = (type: Node["type"], name: string, disks: string[]): Node => ({
  type,
  name,
  guid: guidOf(`${name} ${disks.join()}`),
  status: "ONLINE",
  disk: null,
  errors: { read: 0, write: 0, checksum: 0 },
  children: disks.map(leaf),
});

function pool(
  id: number,
  name: string,
  sizes: { raw: number; allocated: number; fragmentation: number },
  data: Node,
): Pool {
  return {
    id,
    name,
    guid: guidOf(`pool ${name}`),
    raw_bytes: sizes.raw,
    allocated_bytes: sizes.allocated,
    fragmentation_percent: sizes.fragmentation,
    scan: null,
    topology: { data: [data], log: [], cache: [], spare: [], special: [], dedup: [] },
  };
}

const dataset = (name: string, used: number, available: number, more: Partial<Dataset> = {}): Dataset => ({
  name,
  type: "FILESYSTEM",
  used_bytes: used,
  available_bytes: available,
  referenced_bytes: used,
  quota_bytes: 0,
  refquota_bytes: 0,
  compression: "lz4",
  compress_ratio: "1.00",
  readonly: false,
  encrypted: false,
  origin: "",
  ...more,
});

/** One disk is dying, and another has a bad cable: the others are as new. */
const ill: Readonly<Record<string, Partial<DiskSmart>>> = {
  sdd: {
    raw: { 5: 24, 187: 3, 197: 8, 198: 8 },
    temperature_c: 39,
    tests: [
      { description: "Extended offline", passed: false, hours: 21_302 },
      { description: "Short offline", passed: true, hours: 20_600 },
    ],
  },
  sdf: { raw: { 199: 14 } },
};

/** The disks, pools and data of the demo home: apps on an NVMe mirror, media on raidz2, what is dear on a mirror. */
export function furnishNas(release: Release, now: () => number): Nas {
  const hdds = ["sda", "sdb", "sdc", "sdd", "sde", "sdf"];
  const start = now();
  const media = pool(
    2,
    "media",
    { raw: 72 * TB, allocated: 58 * TB, fragmentation: 11 },
    group("RAIDZ2", "raidz2-0", hdds),
  );
  media.scan = {
    function: "SCRUB",
    state: "FINISHED",
    started: new Date(start - 12 * DAY),
    ended: new Date(start - 12 * DAY + 9 * 3_600_000),
    paused: null,
    percent: 99.99,
    errors: 0,
  };
  const disks = (names: string[], model: string, size_bytes: number, rpm: number | null, of: string | null): Disk[] =>
    names.map((name) => {
      const smart = ill[name];
      const serial = `DEMO${name.toUpperCase()}`;
      return { name, model, size_bytes, rpm, pool: of, serial, ...(smart ? { smart } : {}) };
    });
  return {
    release,
    now,
    hostname: "demo-nas",
    disks: [
      ...disks(hdds, "DEMO-HDD-12T", 12 * TB, 7200, "media"),
      ...disks(["sdg", "sdh"], "DEMO-HDD-8T", 8 * TB, 5400, "personal"),
      ...disks(["nvme0n1", "nvme1n1"], "DEMO NVMe 1TB", TB, null, "apps"),
      ...disks(["sdi"], "DEMO-HDD-12T", 12 * TB, 7200, null),
    ],
    pools: [
      pool(
        1,
        "apps",
        { raw: TB, allocated: 0.4 * TB, fragmentation: 31 },
        group("MIRROR", "mirror-0", ["nvme0n1", "nvme1n1"]),
      ),
      media,
      pool(
        3,
        "personal",
        { raw: 8 * TB, allocated: 2 * TB, fragmentation: 2 },
        group("MIRROR", "mirror-0", ["sdg", "sdh"]),
      ),
    ],
    datasets: [
      dataset("apps", 0.4 * TB, 0.56 * TB, { referenced_bytes: 98_304 }),
      dataset("apps/config", 0.1 * TB, 0.56 * TB, { compress_ratio: "1.73", quota_bytes: 0.2 * TB }),
      dataset("apps/vm", 64 * GiB, 0.56 * TB, { type: "VOLUME", referenced_bytes: 20 * GiB }),
      dataset("media", 38 * TB, 8 * TB, { referenced_bytes: 229_376 }),
      dataset("media/films", 24 * TB, 8 * TB),
      dataset("media/series", 14 * TB, 8 * TB),
      dataset("personal", 2 * TB, 5.7 * TB, { encrypted: true, referenced_bytes: 98_304 }),
      dataset("personal/photos", 1.6 * TB, 5.7 * TB, { encrypted: true, compression: "zstd", compress_ratio: "1.02" }),
      dataset("personal/documents", 0.4 * TB, 5.7 * TB, { encrypted: true, compress_ratio: "1.41", readonly: true }),
    ],
    snapshots: [
      ...nightly("personal/photos", start, 14),
      ...nightly("personal/documents", start, 14),
      ...nightly("apps/config", start, 7),
    ],
    tasks: [
      { id: 1, dataset: "personal", recursive: true, enabled: true, hour: "2", minute: "0" },
      { id: 2, dataset: "apps/config", recursive: false, enabled: true, hour: "*/6", minute: "15" },
    ],
    alerts: [
      {
        uuid: "0d5a0f34-6f5e-4f0e-8f5c-6d4d7a5f1c01",
        klass: "ZpoolCapacityWarning",
        level: "WARNING",
        text: 'Space usage for pool "media" is 81%. Optimal pool performance requires used space remain below 80%.',
        since: new Date(start - 3 * DAY),
        dismissed: false,
      },
    ],
    services: [
      { id: 1, name: "cifs", running: true, enabled: true },
      { id: 2, name: "nfs", running: false, enabled: false },
      { id: 3, name: "ssh", running: true, enabled: true },
      { id: 4, name: "ups", running: true, enabled: true },
    ],
    apps: [app("plex", ["1.2.11", "1.2.12"], true), app("syncthing", ["1.1.4"], false)],
    ...furnishAccounts(),
    engine: null,
  };
}

const app = (name: string, versions: readonly [string, ...string[]], running: boolean): App => ({
  name,
  running,
  version: versions[0],
  versions: versions.map((version) => ({ version, services: [] })),
  had: [],
  custom: false,
});

/** One a night at 02:00 UTC, the newest last. */
function nightly(of: string, start: number, nights: number): Snapshot[] {
  const midnight = Math.floor(start / DAY) * DAY;
  const last = midnight + 2 * 3_600_000 <= start ? midnight : midnight - DAY;
  return Array.from({ length: nights }, (_, index) => {
    const created = new Date(last - (nights - 1 - index) * DAY + 2 * 3_600_000);
    const name = `auto-${created.toISOString().slice(0, 10)}_02-00`;
    return {
      dataset: of,
      name,
      guid: guidOf(`${of}@${name}`),
      created,
      used_bytes: 1_000_000 * (index + 1),
      referenced_bytes: 400_000_000_000,
      holds: [],
      txg: 4_000_000 + index * 17_280,
    };
  });
}
