import { describe, expect, it } from "vitest";
import { judgeQuota } from "../../../src/analysis/quotas/judge.ts";
import { type KeptQuota, quotaDrift } from "../../../src/analysis/quotas/kept.ts";
import { container } from "../support/containers.ts";

const GiB = 2 ** 30;
const now = (HostConfig = {}, State = {}) => container("sonarr", { Id: "c0".padEnd(64, "0"), HostConfig, State });
const kept: KeptQuota = {
  container_id: "c0".padEnd(64, "0"),
  started_at: "2027-01-01T00:00:01Z",
  cpus: 1,
  memory_bytes: 2 * GiB,
  io: [],
};
const asKept = { Memory: 2 * GiB, CpuQuota: 100_000, CpuPeriod: 100_000 };

describe("what of an approved quota no longer holds", () => {
  it("nothing, while the limits are there or tighter", () => {
    expect(quotaDrift(now(asKept), kept)).toBeNull();
    expect(quotaDrift(now({ Memory: GiB, NanoCpus: 5e8 }), kept)).toBeNull();
  });

  it("each limit that is gone or looser, and that it was made anew", () => {
    expect(quotaDrift(now({ ...asKept, Memory: 0 }), kept)).toEqual({
      severity: "warning",
      what: "limits lost",
      evidence: "approved limits no longer hold: memory 2 GiB → no limit",
    });
    const anew = container("sonarr", { HostConfig: { Memory: 2 ** 50, NanoCpus: 2e9 } });
    expect(quotaDrift(anew, kept)?.evidence).toBe(
      "approved limits no longer hold: memory 2 GiB → no limit, processors 1 → 2; it was made anew",
    );
  });

  it("disk limits, when it was started anew", () => {
    const io = [{ device: "8:0", read_bytes_per_s: 1, write_bytes_per_s: null }];
    expect(quotaDrift(now(asKept), { ...kept, io })).toBeNull();
    expect(quotaDrift(now(asKept, { StartedAt: "2027-01-02T00:00:00Z" }), { ...kept, io })?.evidence).toBe(
      "approved limits no longer hold: disk limits → none: the kernel forgets them when a container starts",
    );
    expect(quotaDrift(now(asKept, { StartedAt: "2027-01-02T00:00:00Z", Running: false }), { ...kept, io })).toBeNull();
  });
});

describe("where limits stand", () => {
  const limits = {
    after: { Memory: 2 * GiB, MemorySwap: 2 * GiB, CpuPeriod: 100_000, CpuQuota: 100_000 },
    before: { Memory: 2 ** 50, MemorySwap: 2 ** 51, CpuPeriod: 100_000, CpuQuota: -1 },
  };
  const kernel = (memory_bytes: number | null, cpus: number | null) => ({
    version: 2 as const,
    memory_bytes,
    cpus,
    io: [],
  });
  const rate = (read_bytes_per_s: number | null) => ({ device: "8:0", read_bytes_per_s, write_bytes_per_s: null });

  it("as planned, when Docker and the kernel say so", () => {
    expect(judgeQuota(now(asKept), kernel(2 * GiB, 1), limits, [])).toEqual({
      is: "after",
      why: "sonarr: memory 2 GiB, processors 1 (as Docker and the kernel say).",
    });
    expect(judgeQuota(now(asKept), null, limits, [])).toEqual({
      is: "after",
      why: "sonarr: memory 2 GiB, processors 1 (as Docker says; the kernel was not asked).",
    });
  });

  it("as before, whether Docker says it with 0 or with more than there is", () => {
    expect(judgeQuota(now(), kernel(null, null), limits, [])).toMatchObject({ is: "before" });
    expect(judgeQuota(now(limits.before), kernel(null, null), limits, [])).toMatchObject({ is: "before" });
  });

  it("neither, when the kernel holds something else than Docker says", () => {
    expect(judgeQuota(now(asKept), kernel(null, 1), limits, [])).toEqual({
      is: "neither",
      why: "sonarr: memory 2 GiB, processors 1 (as Docker says). The kernel holds memory unlimited, processors 1.",
    });
    expect(judgeQuota(null, null, limits, [])).toMatchObject({ is: "neither" });
  });

  it("by its disks, too", () => {
    const io = (read: number | null) => [{ after: rate(5e8), before: rate(null), now: rate(read) }];
    const judged = (read: number | null, host: object) =>
      judgeQuota(now(host), kernel(2 * GiB, 1), limits, io(read)).is;
    expect(judged(5e8, asKept)).toBe("after");
    expect(judged(null, asKept)).toBe("neither");
    expect(judgeQuota(now(), null, { after: {}, before: {} }, io(null))).toEqual({
      is: "before",
      why: "sonarr: disk 8:0 reading no limit, writing no limit (as Docker says; the kernel was not asked).",
    });
  });
});
