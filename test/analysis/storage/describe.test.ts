import { expect, test } from "vitest";
import { describeStorage } from "../../../src/analysis/storage/describe.ts";
import { sayBytes, saySpan } from "../../../src/analysis/storage/words.ts";
import { dataset, group, leaf, now, pool, scrubbed, snapshotsOf } from "./support.ts";

test("a host's pools in short, each with its own datasets and snapshots", () => {
  const mirror = () => group("mirror", [leaf("sda"), leaf("sdb")]);
  const vdevs = [
    mirror(),
    mirror(),
    leaf("nvme0n1", { class: "cache" }),
    group("mirror", [leaf("x"), leaf("y")], { class: "special" }),
  ];
  const { pools, datasets } = describeStorage(
    {
      pools: [pool({ vdevs }), pool({ name: "tan", used_bytes: 0, available_bytes: 10e12 })],
      datasets: [dataset("tank"), dataset("tank/a", { used_by_snapshots_bytes: 3e12 }), dataset("tan")],
      snapshots: snapshotsOf("tank/a", 60, 3600),
      tasks: [],
      earlier: new Map(),
    },
    now,
  );
  expect(pools).toEqual([
    {
      pool: "tank",
      state: "online",
      layout: "2 × mirror of 2 + mirror of 2 (special) + disk (cache)",
      usable_bytes: 10e12,
      used_bytes: 5e12,
      available_bytes: 5e12,
      used_percent: 50,
      fragmentation_percent: 3,
      scan: {
        function: "scrub",
        state: "finished",
        done_percent: 100,
        eta_s: null,
        ended_at: "2026-11-19T12:00:00.000Z",
        errors: 0,
      },
      snapshots: 2,
      problems: [
        {
          severity: "info",
          what: "snapshots hold space",
          evidence: "3.0 TB, 30 % of the pool, most of it (3.0 TB) in tank/a; manage_snapshots deletes old ones",
        },
      ],
    },
    expect.objectContaining({ pool: "tan", snapshots: 0, used_percent: 0, problems: [] }),
  ]);
  expect(datasets.map((one) => [one.dataset, one.snapshots, one.newest_snapshot_age_s])).toEqual([
    ["tank", 0, null],
    ["tank/a", 2, 60],
    ["tan", 0, null],
  ]);
});

test("a pool that was never scrubbed, or scrubs now, has no end", () => {
  const scan = (of: ReturnType<typeof scrubbed> | null) =>
    describeStorage({ pools: [pool({ scan: of })], datasets: [], snapshots: [], tasks: null, earlier: new Map() }, now)
      .pools[0]?.scan;
  expect(scan(null)).toBeNull();
  expect(scan(scrubbed(0, { state: "running", ended_at: null, done_percent: 7, eta_s: 60 }))).toMatchObject({
    done_percent: 7,
    eta_s: 60,
    ended_at: null,
  });
});

test("10,000 snapshots are judged at once", () => {
  const sets = Array.from({ length: 200 }, (_, i) => dataset(`tank/d${i}`));
  const snapshots = sets.flatMap(({ name }) => snapshotsOf(name, ...Array.from({ length: 50 }, (_, i) => i * 3600)));
  const { pools } = describeStorage(
    { pools: [pool()], datasets: sets, snapshots, tasks: null, earlier: new Map() },
    now,
  );
  expect(pools[0]?.snapshots).toBe(10_000);
});

test("sizes and spans in words", () => {
  expect([0, 999, 1500, 12e9, 123.4e9, 5.66e12, 2e18].map(sayBytes)).toEqual([
    "0 B",
    "999 B",
    "1.5 kB",
    "12.0 GB",
    "123 GB",
    "5.7 TB",
    "2000 PB",
  ]);
  expect([1, 300, 7199, 7200, 100_000, 172_800, 864_000].map(saySpan)).toEqual([
    "1 min",
    "5 min",
    "120 min",
    "2 h",
    "28 h",
    "2 days",
    "10 days",
  ]);
});
