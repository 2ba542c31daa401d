import { describe, expect, test } from "vitest";
import type { Vdev } from "../../../src/systems/zfs/port.ts";
import { parseStatusJson } from "../../../src/systems/zfs/status-json.ts";
import { parseStatusText } from "../../../src/systems/zfs/status-text.ts";
import { degraded, degradedGuids, degradedJson, links } from "./fixtures.ts";

const vdev = (name: string, guid: string, more: Partial<Vdev>): Vdev => ({
  name,
  guid,
  type: "disk",
  class: "data",
  state: "online",
  path: null,
  disk: null,
  read_errors: 0,
  write_errors: 0,
  checksum_errors: 0,
  ashift: null,
  children: [],
  ...more,
});

/** What both formats must give. */
const tank = {
  name: "tank",
  state: "degraded",
  data_errors: 3,
  scan: {
    function: "resilver",
    state: "running",
    started_at: Date.UTC(2026, 10, 22, 10),
    ended_at: null,
    done_percent: 19.53,
    eta_s: 89_600,
    errors: 0,
    repaired_bytes: 837_518_622_720,
  },
  vdevs: [
    vdev("mirror-0", "3611555577755859472", {
      type: "mirror",
      state: "degraded",
      children: [
        vdev("ata-A", "266065464696500561", {
          path: "/dev/disk/by-id/ata-A-part1",
          disk: "sda",
          checksum_errors: 136,
        }),
        vdev("spare-1", "17287560001915723003", {
          type: "spare",
          state: "degraded",
          children: [
            vdev("17338413593012835318", "17338413593012835318", {
              type: "missing",
              state: "unavail",
              path: "/dev/disk/by-id/ata-GONE-part1",
              read_errors: 3,
              write_errors: 1,
            }),
            vdev("ata-S", "11804323734698902028", { path: "/dev/disk/by-id/ata-S-part1", disk: "sdz" }),
          ],
        }),
      ],
    }),
    vdev("mirror-1", "9972586528404862469", {
      type: "mirror",
      class: "special",
      children: [
        vdev("nvme0n1p2", "8577523717831407971", { class: "special", path: "/dev/nvme0n1p2", disk: "nvme0n1" }),
        vdev("nvme1n1p2", "11824644888393153231", { class: "special", path: "/dev/nvme1n1p2", disk: "nvme1n1" }),
      ],
    }),
    vdev("nvme2n1p1", "5418300694568662065", { class: "log", path: "/dev/nvme2n1p1", disk: "nvme2n1" }),
    vdev("nvme3n1p1", "5418300694568662066", { class: "cache", path: "/dev/nvme3n1p1", disk: "nvme3n1" }),
    vdev("ata-S", "11804323734698902028", {
      class: "spare",
      state: "in_use",
      path: "/dev/disk/by-id/ata-S-part1",
      disk: "sdz",
    }),
  ],
};

describe("the same pool", () => {
  test("as OpenZFS 2.2 prints it", () => {
    expect(parseStatusText(degraded, degradedGuids, links)).toEqual([tank]);
  });

  test("as OpenZFS 2.3 prints it, guids of 64 bits untouched", () => {
    // 858,938,483,618 of 4,398,046,511,104 bytes in 21,745.75 s
    const now = Date.UTC(2026, 10, 22, 10) + 21_745_750;
    expect(parseStatusJson(degradedJson, now, links)).toEqual([tank]);
  });
});

/** A pool of one vdev. */
const simple = (config: string, { scan = "none requested", errors = "No known data errors" } = {}) =>
  `  pool: p\n state: ONLINE\n  scan: ${scan}\nconfig:\n\n\tNAME  STATE  READ WRITE CKSUM\n\tp  ONLINE  0  0  0\n${config}\n\nerrors: ${errors}\n`;
const parse = (text: string, guids = text) => parseStatusText(text, guids, new Map())?.[0];

describe("zpool status before 2.3", () => {
  test("raidz, replacing, faulted, removed, a file; counters with suffixes", () => {
    const pool = parse(
      simple(`\t  raidz2-0  DEGRADED  0  0  0
\t    /dev/sda1  FAULTED  1.21K  2M  0  too many errors
\t    replacing-1  DEGRADED  0  0  0
\t      /dev/sdb1  REMOVED  0  0  0
\t      /dev/sdc1  ONLINE  0  0  0  block size: 512B configured, 4096B native
\t    /var/disk 3.img  OFFLINE  0  0  0`),
    );
    const [raidz] = pool?.vdevs ?? [];
    expect(raidz).toMatchObject({ type: "raidz2", state: "degraded" });
    expect(raidz?.children).toMatchObject([
      { name: "sda1", disk: "sda", state: "faulted", read_errors: 1210, write_errors: 2_000_000 },
      {
        type: "replacing",
        children: [
          { name: "sdb1", state: "removed" },
          { name: "sdc1", state: "online" },
        ],
      },
      { type: "file", name: "disk_3.img", path: "/var/disk 3.img", state: "offline", disk: null },
    ]);
    expect(raidz?.children).toHaveLength(3);
  });

  test("several pools, and none", () => {
    const two = `${simple("\t  /dev/sda1  ONLINE  0  0  0")}\n${simple("\t  /dev/sdb1  ONLINE  0  0  0").replace("pool: p", "pool: q")}`;
    expect(parseStatusText(two, two, new Map())?.map(({ name }) => name)).toEqual(["p", "q"]);
    expect(parseStatusText("no pools available\n", "no pools available\n", new Map())).toEqual([]);
  });

  test("a vdev that came between the two readings asks for another", () => {
    const one = simple("\t  /dev/sda1  ONLINE  0  0  0");
    const grown = simple("\t  7  ONLINE  0  0  0\n\t  8  ONLINE  0  0  0");
    expect(parseStatusText(one, grown, new Map())).toBeNull();
    expect(parseStatusText(one, "no pools available", new Map())).toBeNull();
  });

  test("counts permanent errors, and a list that can't be read as one", () => {
    const errors = (said: string) => parse(simple("\t  /dev/sda1  ONLINE  0  0  0", { errors: said }))?.data_errors;
    expect(errors("No known data errors")).toBe(0);
    expect(errors("12 data errors, use '-v' for a list")).toBe(12);
    expect(errors("List of errors unavailable: permission denied")).toBe(1);
  });

  const scan = (said: string) => parse(simple("\t  /dev/sda1  ONLINE  0  0  0", { scan: said }))?.scan;
  const at = (day: number, hour: number, minute = 0, second = 0) => Date.UTC(2026, 10, day, hour, minute, second);

  test("never scanned", () => {
    expect(scan("none requested")).toBeNull();
  });

  test("a scrub that ended", () => {
    expect(scan("scrub repaired 1.50M in 1 days 02:00:05 with 2 errors on Sun Nov  8 10:17:05 2026")).toEqual({
      function: "scrub",
      state: "finished",
      started_at: at(7, 8, 17),
      ended_at: at(8, 10, 17, 5),
      done_percent: 100,
      eta_s: null,
      errors: 2,
      repaired_bytes: 1_572_864,
    });
  });

  test("a resilver that ended, and a sequential one", () => {
    const ended = { function: "resilver", state: "finished", started_at: at(22, 10), repaired_bytes: 19_188_941 };
    expect(scan("resilvered 18.3M in 00:00:02 with 0 errors on Sun Nov 22 10:00:02 2026")).toMatchObject(ended);
    expect(scan("resilvered (mirror-0) 18.3M in 00:00:02 with 0 errors on Sun Nov 22 10:00:02 2026")).toMatchObject(
      ended,
    );
  });

  test("a scrub under way, with and without a time to go", () => {
    const going = (rest: string) => scan(`scrub in progress since Sun Nov 22 10:00:00 2026\n\t1T scanned\n\t${rest}`);
    expect(going("0B repaired, 61.20% done, 01:02:03 to go")).toEqual({
      function: "scrub",
      state: "running",
      started_at: at(22, 10),
      ended_at: null,
      done_percent: 61.2,
      eta_s: 3723,
      errors: 0,
      repaired_bytes: 0,
    });
    expect(going("0B repaired, 0.10% done, no estimated completion time")).toMatchObject({
      state: "running",
      eta_s: null,
    });
  });

  test("a paused and a cancelled scrub", () => {
    const paused =
      "scrub paused since Sun Nov 22 11:00:00 2026\n\tscrub started on Sun Nov 22 10:00:00 2026\n\t1T scanned\n\t4K repaired, 7.5% done";
    expect(scan(paused)).toMatchObject({
      state: "paused",
      started_at: at(22, 10),
      done_percent: 7.5,
      eta_s: null,
      repaired_bytes: 4096,
    });
    expect(scan("scrub canceled on Sun Nov 22 10:00:00 2026")).toMatchObject({
      state: "canceled",
      ended_at: at(22, 10),
    });
  });
});

describe("zpool status -j", () => {
  test("a finished scrub, numbers as text too, and no pools", () => {
    const text = `{"pools":{"p":{"name":"p","state":"ONLINE","error_count":"0","vdevs":{"p":{"name":"p","guid":"1","state":"ONLINE",
      "vdevs":{"/dev/sda1":{"name":"/dev/sda1","guid":"18446744073709551615","state":"FAULTED","read_errors":"7","path":"/dev/sda1"}}}},
      "scan_stats":{"function":"SCRUB","state":"FINISHED","start_time":"1795345022","end_time":"1795345024","to_examine":"10",
      "issued":"9","processed":"4096","errors":"0"}}}}`;
    expect(parseStatusJson(text, 0, new Map())).toMatchObject([
      {
        scan: { state: "finished", started_at: 1_795_345_022_000, ended_at: 1_795_345_024_000, done_percent: 100 },
        vdevs: [{ name: "sda1", guid: "18446744073709551615", state: "faulted", read_errors: 7, disk: "sda" }],
      },
    ]);
    expect(parseStatusJson('{"pools":{}}', 0, new Map())).toEqual([]);
  });

  test("says so when it is something else", () => {
    expect(() => parseStatusJson("no such command", 0, new Map())).toThrow("could not be understood");
    expect(() => parseStatusJson('{"pools":{"a b;":{}}}', 0, new Map())).toThrow("could not be understood");
  });
});
