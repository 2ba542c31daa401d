import { type Container, type Fields, Refusal } from "./model.ts";

const numbers = ["Memory", "MemorySwap", "NanoCpus", "CpuPeriod", "CpuQuota"] as const;
const leastMemory = 6 * 1024 * 1024;

/** HostConfig after `POST /containers/{id}/update`, by moby's rules: 0 leaves a limit as it is, and no word is for none. */
export function updatedHost(host: Container["host"], asked: Fields): Container["host"] {
  const wants = (key: string) => Number(asked[key] ?? 0);
  const has = (key: string) => Number(host[key] ?? 0);
  if (wants("Memory") !== 0 && wants("Memory") < leastMemory)
    throw new Refusal(400, "Minimum memory limit allowed is 6MB");
  if (wants("NanoCpus") > 0 && has("CpuPeriod") > 0)
    throw new Refusal(409, "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set");
  if (has("NanoCpus") > 0 && (wants("CpuPeriod") > 0 || wants("CpuQuota") > 0))
    throw new Refusal(409, "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set");
  if (wants("Memory") > has("MemorySwap") && has("MemorySwap") > 0 && wants("MemorySwap") === 0)
    throw new Refusal(
      409,
      "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time",
    );
  const changed = numbers.filter((key) => wants(key) !== 0).map((key) => [key, wants(key)] as const);
  const policy = asked.RestartPolicy === undefined ? {} : { RestartPolicy: asked.RestartPolicy };
  return { ...host, ...policy, ...Object.fromEntries(changed) };
}
