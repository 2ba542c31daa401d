import type { Pool } from "./port.ts";

/** What `zpool status` tells of a pool, in either format; the sizes come from `zpool list` and `zfs list`. */
export type PoolStatus = Pick<Pool, "name" | "state" | "vdevs" | "scan" | "data_errors">;

/** Names below /dev/disk and the kernel's device each leads to: "by-id/ata-X-part1" → "sda1". */
export type DiskLinks = ReadonlyMap<string, string>;
