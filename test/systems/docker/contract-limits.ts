import { expect, it } from "vitest";
import type { Bench } from "./contract.ts";

const MiB = 1024 * 1024;
const unlimited = 2 ** 50;

/** Limits of what runs: what an engine keeps of them, what it does without saying so, and what it refuses. */
export function limitsContract({ docker, create, running }: Bench): void {
  const host = async (id: string) => {
    const { Memory, MemorySwap, NanoCpus, CpuPeriod, CpuQuota } = (await docker().reading.inspect(id)).HostConfig;
    return { Memory, MemorySwap, NanoCpus, CpuPeriod, CpuQuota };
  };

  it("limits memory and processors of what runs, live and back again", async () => {
    const { reading, changing } = docker();
    const id = await running("contract-limits");
    const { StartedAt } = (await reading.inspect(id)).State;
    await changing.limit(id, { Memory: 64 * MiB, MemorySwap: 64 * MiB, CpuPeriod: 100_000, CpuQuota: 50_000 });
    expect(await host(id)).toEqual({
      Memory: 67_108_864,
      MemorySwap: 67_108_864,
      NanoCpus: 0,
      CpuPeriod: 100_000,
      CpuQuota: 50_000,
    });
    await changing.limit(id, { Memory: unlimited, MemorySwap: 2 * unlimited, CpuQuota: -1 });
    expect(await host(id)).toEqual({
      Memory: 1_125_899_906_842_624,
      MemorySwap: 2_251_799_813_685_248,
      NanoCpus: 0,
      CpuPeriod: 100_000,
      CpuQuota: -1,
    });
    expect((await reading.inspect(id)).State.StartedAt).toBe(StartedAt);
  });

  it("takes no limit off by a 0, and refuses what does not go together", async () => {
    const { changing } = docker();
    const id = await create("contract-limited", { HostConfig: { Memory: 64 * MiB, NanoCpus: 500_000_000 } });
    const before = await host(id);
    expect(before).toMatchObject({ Memory: 67_108_864, MemorySwap: 134_217_728, NanoCpus: 500_000_000 });
    await changing.limit(id, { Memory: 0, NanoCpus: 0 });
    expect(await host(id)).toEqual(before);
    for (const limits of [{ Memory: MiB }, { Memory: 512 * MiB }, { CpuPeriod: 100_000, CpuQuota: 50_000 }])
      await expect(changing.limit(id, limits)).rejects.toHaveProperty("code");
    expect(await host(id)).toEqual(before);
  });

  it("samples what a running container uses, and of no other", async () => {
    const { reading, changing } = docker();
    const id = await create("contract-use");
    await expect(reading.use(id)).rejects.toMatchObject({ code: "conflict" });
    await changing.start(id);
    const [first, second] = [await reading.use(id), await reading.use(id)];
    expect(first.memory_bytes).toBeGreaterThan(0);
    expect(second.cpu_ns).toBeGreaterThanOrEqual(first.cpu_ns);
    expect(second.read_at_ms).toBeGreaterThanOrEqual(first.read_at_ms);
  });
}
