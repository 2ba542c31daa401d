import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DataDisk, planQuota } from "../../../src/analysis/quotas/plan.ts";
import { profileOf, type Quota, type QuotaProfile } from "../../../src/analysis/quotas/profile.ts";
import type { RealUse } from "../../../src/analysis/quotas/use.ts";
import { container } from "../support/containers.ts";

const GiB = 2 ** 30;
const machine = { cpus: 12, memory_bytes: 32 * GiB };
const none: Quota = { cpus: null, memory_bytes: null, read_bytes_per_s: null, write_bytes_per_s: null };
const use: RealUse = {
  memory_now_bytes: 1.2 * GiB,
  memory_peak_bytes: 1.5 * GiB,
  cpus_peak: 0.8,
  cpus_mean: 0.1,
  sampled_days: 6.4,
};
const disk = (parts: Partial<DataDisk> = {}): DataDisk => ({
  device: "8:0",
  read_bytes_per_s: null,
  write_bytes_per_s: null,
  paths: ["/mnt/a"],
  ...parts,
});

describe("which profile a container has", () => {
  const profile = (parts: Partial<QuotaProfile>): QuotaProfile => ({
    containers: [],
    images: [],
    labels: [],
    ...none,
    ...parts,
  });
  const [first, second] = [profile({ containers: ["plex"], cpus: 4 }), profile({ images: ["*/plex"], cpus: 2 })];

  it("the first that its name, image or labels fit", () => {
    expect(profileOf(container("plex", { Config: { Image: "lscr.io/linuxserver/plex:1.40" } }), [first, second])).toBe(
      first,
    );
    expect(profileOf(container("tv", { Config: { Image: "lscr.io/linuxserver/plex:1.40" } }), [first, second])).toBe(
      second,
    );
    expect(profileOf(container("tv", { Config: { Image: "linuxserver/plex@sha256:ab" } }), [first, second])).toBe(
      second,
    );
    expect(profileOf(container("plexguide"), [first, second])).toBeNull();
  });

  it("labels by name, or by name and value", () => {
    const labelled = container("x", { Config: { Labels: { tier: "small", "com.example.kind": "arr" } } });
    const has = (label: string) => profileOf(labelled, [profile({ labels: [label] })]) !== null;
    expect(["tier", "tier=small", "tier=*", "com.example.*", "*=arr"].map(has)).toEqual([true, true, true, true, true]);
    expect(["tier=big", "small", "kind", "arr"].map(has)).toEqual([false, false, false, false]);
  });
});

describe("what is planned", () => {
  it("from no limit to the profile's, with the real use beside it and both ways in the engine's words", () => {
    const plan = planQuota(container("sonarr"), { ...none, cpus: 1, memory_bytes: 2 * GiB }, machine, use, []);
    expect(plan).toEqual({
      wanted: { cpus: 1, memory_bytes: 2_147_483_648, io: [] },
      limits: {
        after: { Memory: 2_147_483_648, MemorySwap: 2_147_483_648, CpuPeriod: 100_000, CpuQuota: 100_000 },
        before: {
          Memory: 1_125_899_906_842_624,
          MemorySwap: 2_251_799_813_685_248,
          CpuPeriod: 100_000,
          CpuQuota: -1,
        },
      },
      io: [],
      changes: [
        "sonarr, memory: no limit → 2 GiB (it uses 1.2 GiB now, at most 1.5 GiB in 6 days)",
        "sonarr, processors: no limit → 1 (on average 0.1 since its start, at most 0.8 in 6 days)",
      ],
      warnings: [],
    });
  });

  it("an owner's own limit in the way it was said, and swap as it was", () => {
    const loose = container("plex", {
      HostConfig: { Memory: 16 * GiB, MemorySwap: 20 * GiB, NanoCpus: 8_000_000_000 },
    });
    const { limits, changes } = planQuota(loose, { ...none, cpus: 4, memory_bytes: 8 * GiB }, machine, use, []);
    expect(limits).toEqual({
      after: { Memory: 8_589_934_592, MemorySwap: 8_589_934_592, NanoCpus: 4_000_000_000 },
      before: { Memory: 17_179_869_184, MemorySwap: 21_474_836_480, NanoCpus: 8_000_000_000 },
    });
    expect(changes.map((line) => line.split(" (")[0])).toEqual([
      "plex, memory: 16 GiB → 8 GiB",
      "plex, processors: 8 → 4",
    ]);
  });

  it("nothing where the owner's own limits are as tight or tighter", () => {
    const tight = container("sonarr", { HostConfig: { Memory: GiB, CpuQuota: 50_000, CpuPeriod: 100_000 } });
    const plan = planQuota(tight, { ...none, cpus: 0.5, memory_bytes: 2 * GiB }, machine, use, []);
    expect(plan).toMatchObject({ changes: [], limits: { after: {}, before: {} } });
    expect(plan.wanted).toEqual({ cpus: 0.5, memory_bytes: GiB, io: [] });
  });

  it("disks in megabytes, each direction by itself", () => {
    const profile = { ...none, read_bytes_per_s: 500_000_000, write_bytes_per_s: 500_000_000 };
    const disks = [disk({ write_bytes_per_s: 100_000_000, paths: ["/mnt/a", "/mnt/b"] }), disk({ device: "8:16" })];
    const { io, changes, wanted } = planQuota(container("transmission"), profile, machine, use, disks);
    expect(io).toEqual([
      {
        before: { device: "8:0", read_bytes_per_s: null, write_bytes_per_s: 100_000_000 },
        after: { device: "8:0", read_bytes_per_s: 500_000_000, write_bytes_per_s: 100_000_000 },
      },
      {
        before: { device: "8:16", read_bytes_per_s: null, write_bytes_per_s: null },
        after: { device: "8:16", read_bytes_per_s: 500_000_000, write_bytes_per_s: 500_000_000 },
      },
    ]);
    expect(wanted.io).toHaveLength(2);
    expect(changes).toEqual([
      "transmission, disk 8:0 (/mnt/a, /mnt/b): reading no limit → 500 MB/s",
      "transmission, disk 8:16 (/mnt/a): reading no limit → 500 MB/s, writing no limit → 500 MB/s",
    ]);
  });

  it.each([
    [
      { memory_now_bytes: GiB, memory_peak_bytes: 2.5 * GiB },
      "sonarr used 2.5 GiB of memory: with 2 GiB the kernel would end its processes.",
    ],
    [
      { memory_now_bytes: 2.2 * GiB, memory_peak_bytes: null },
      "sonarr used 2.2 GiB of memory: with 2 GiB the kernel would end its processes.",
    ],
    [
      { memory_now_bytes: GiB, memory_peak_bytes: 1.9 * GiB },
      "sonarr used 1.9 GiB of memory: 2 GiB leaves it little more.",
    ],
    [
      { memory_now_bytes: null, memory_peak_bytes: null },
      "sonarr: nothing is known of its memory use, so 2 GiB may be too little.",
    ],
    [{ cpus_peak: 2.4 }, "sonarr used 2.4 processors: with 1 it becomes slower."],
  ])("what it needs more than that is said (%j)", (needs, warning) => {
    const profile = { ...none, cpus: 1, memory_bytes: 2 * GiB };
    expect(planQuota(container("sonarr"), profile, machine, { ...use, ...needs }, []).warnings).toEqual([warning]);
  });

  it("nothing that would be no limit on this machine, or that Docker would refuse", () => {
    const profile = { ...none, cpus: 4, memory_bytes: 8 * GiB };
    const small = planQuota(container("plex"), profile, { cpus: 4, memory_bytes: 8 * GiB }, use, []);
    expect(small).toMatchObject({
      changes: [],
      warnings: [
        "plex: 4 processors would be no limit: the machine has 4.",
        "plex: 8 GiB memory would be no limit: the machine has 8 GiB.",
      ],
    });
    const reserved = container("plex", { HostConfig: { MemoryReservation: 9 * GiB } });
    expect(planQuota(reserved, { ...none, memory_bytes: 8 * GiB }, machine, use, [])).toMatchObject({
      changes: [],
      warnings: ["plex: its memory is left as it is: more than 8 GiB is reserved for it."],
    });
  });

  it("never loosens a limit, and is settled after it was applied", () => {
    const amount = fc.option(fc.integer({ min: 1, max: 20 }), { nil: null });
    fc.assert(
      fc.property(amount, amount, amount, amount, (memory, cpus, wantedMemory, wantedCpus) => {
        const host = { Memory: (memory ?? 0) * GiB, NanoCpus: (cpus ?? 0) * 1e9 };
        const profile = { ...none, memory_bytes: wantedMemory && wantedMemory * GiB, cpus: wantedCpus };
        const { wanted, limits } = planQuota(container("x", { HostConfig: host }), profile, machine, use, []);
        expect(wanted.memory_bytes ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
          (memory ?? Number.POSITIVE_INFINITY) * GiB,
        );
        expect(wanted.cpus ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(cpus ?? Number.POSITIVE_INFINITY);
        const applied = container("x", { HostConfig: { ...host, ...limits.after } });
        expect(planQuota(applied, profile, machine, use, []).changes).toEqual([]);
      }),
    );
  });
});
