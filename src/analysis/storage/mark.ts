import type { JsonObject } from "../../shared/json.ts";
import type { Pool } from "../../systems/zfs/port.ts";
import { usedPercent } from "./problems.ts";
import { leavesOf } from "./vdevs.ts";

/** What of a pool has to change before somebody is told: not every byte that is written. */
export const poolMark = (pool: Pool): JsonObject => ({
  guid: pool.guid,
  state: pool.state,
  used_percent: usedPercent(pool),
  scan: pool.scan && {
    function: pool.scan.function,
    state: pool.scan.state,
    done_percent: Math.floor(pool.scan.done_percent),
  },
  data_errors: pool.data_errors,
  leaves: leavesOf(pool.vdevs).map(({ guid, state, read_errors, write_errors, checksum_errors }) => [
    guid,
    state,
    read_errors,
    write_errors,
    checksum_errors,
  ]),
});
