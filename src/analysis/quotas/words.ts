const GiB = 2 ** 30;
const MiB = 2 ** 20;

/** Memory in steps of 1,024, as Docker counts it: "8 GiB", "1.4 GiB", "512 MiB". */
export function sayMemory(bytes: number): string {
  const [amount, unit] = bytes >= GiB ? [bytes / GiB, "GiB"] : [bytes / MiB, "MiB"];
  return `${Math.round(amount * 10) / 10} ${unit}`;
}

/** "0.35", "4" */
export const sayCpus = (cpus: number): string => String(Math.round(cpus * 100) / 100);

/** In steps of 1,000, as disks count: "500 MB/s". */
export const sayRate = (bytes_per_s: number | null): string =>
  bytes_per_s === null ? "no limit" : `${Math.round(bytes_per_s / 100_000) / 10} MB/s`;
