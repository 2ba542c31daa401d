import { z } from "zod";
import { diskOfPath, notUnderstood, poolName } from "./names.ts";
import type { Scan, Vdev, VdevClass } from "./port.ts";
import type { DiskLinks, PoolStatus } from "./status.ts";
import { classOf, shownName, stateOf, typeOf } from "./vdev.ts";

const whole = z.coerce.number().int().min(0);
const count = whole.default(0);

interface JsonVdev {
  name: string;
  guid: string;
  state: string;
  class?: string | undefined;
  path?: string | undefined;
  was?: string | undefined;
  read_errors: number;
  write_errors: number;
  checksum_errors: number;
  vdevs?: Record<string, JsonVdev> | undefined;
}
const vdev: z.ZodType<JsonVdev> = z.object({
  name: z.string(),
  guid: z.string().regex(/^\d+$/),
  state: z.string(),
  class: z.string().optional(),
  path: z.string().optional(),
  was: z.string().optional(),
  read_errors: count,
  write_errors: count,
  checksum_errors: count,
  get vdevs() {
    return z.record(z.string(), vdev).optional();
  },
});
const group = z.record(z.string(), vdev).optional();

const scanStats = z.object({
  function: z.string(),
  state: z.string(),
  start_time: whole,
  end_time: whole,
  to_examine: whole,
  skipped: count,
  processed: count,
  errors: count,
  pass_start: count,
  scrub_pause: count,
  scrub_spent_paused: count,
  issued: whole,
  issued_bytes_per_scan: count,
});

const status = z.object({
  pools: z.record(
    z.string(),
    z.object({
      name: poolName,
      state: z.string(),
      scan_stats: scanStats.optional(),
      vdevs: z.record(z.string(), vdev),
      dedup: group,
      special: group,
      logs: group,
      l2cache: group,
      spares: group,
      error_count: whole.default(0),
    }),
  ),
});

/**
 * `zpool status -j --json-int -P -p` (OpenZFS 2.3).
 *
 * @param now ms since 1970, by the clock of that machine: what is to go is reckoned from the rate so far.
 */
export function parseStatusJson(text: string, now: number, links: DiskLinks): PoolStatus[] {
  // 64 bits would be rounded by JSON.parse.
  const quoted = text.replace(/"(guid|pool_guid)":\s*(\d+)/g, '"$1":"$2"');
  let answer: z.output<typeof status>;
  try {
    answer = status.parse(JSON.parse(quoted));
  } catch (error) {
    throw notUnderstood("pools", error);
  }
  return Object.values(answer.pools).map((pool) => {
    const { vdevs, dedup, special, logs, l2cache, spares } = pool;
    const data = Object.values(vdevs).flatMap((root) => treeOf(root.vdevs, null, links));
    const apart = Object.entries({ dedup, special, logs, l2cache, spares }).flatMap(([key, of]) =>
      treeOf(of, classOf(key) ?? null, links),
    );
    return {
      name: pool.name,
      state: stateOf(pool.state),
      vdevs: [...data.filter(({ guid }) => !apart.some((other) => other.guid === guid)), ...apart],
      scan: pool.scan_stats ? scanOf(pool.scan_stats, now) : null,
      data_errors: pool.error_count,
    };
  });
}

/** A vdev below another has that one's class, also a spare that stands in for a disk; `above` is null at the top. */
function treeOf(vdevs: Record<string, JsonVdev> | undefined, above: VdevClass | null, links: DiskLinks): Vdev[] {
  return Object.values(vdevs ?? {}).map((one) => {
    const type = typeOf(one.name);
    const path = one.path ?? one.was ?? (one.name.startsWith("/") ? one.name : null);
    const own = above ?? classOf(one.class) ?? "data";
    return {
      name: shownName(one.name),
      type,
      class: own,
      guid: one.guid,
      state: stateOf(one.state),
      path,
      disk: path === null || type !== "disk" ? null : diskOfPath(path, links),
      read_errors: one.read_errors,
      write_errors: one.write_errors,
      checksum_errors: one.checksum_errors,
      ashift: null,
      children: treeOf(one.vdevs, own, links),
    };
  });
}

const ends: Readonly<Record<string, Scan["state"]>> = { FINISHED: "finished", CANCELED: "canceled" };

function scanOf(stats: z.output<typeof scanStats>, now: number): Scan | null {
  if (stats.function !== "SCRUB" && stats.function !== "RESILVER") return null;
  const state = ends[stats.state] ?? (stats.scrub_pause > 0 ? "paused" : "running");
  const total = stats.to_examine - stats.skipped;
  const percent = total > 0 ? (stats.issued / total) * 100 : 0;
  const passed_s = now / 1000 - stats.pass_start - stats.scrub_spent_paused;
  const rate = passed_s > 0 ? stats.issued_bytes_per_scan / passed_s : 0;
  return {
    function: stats.function === "SCRUB" ? "scrub" : "resilver",
    state,
    started_at: stats.start_time * 1000,
    ended_at: state === "finished" || state === "canceled" ? stats.end_time * 1000 : null,
    done_percent: state === "finished" ? 100 : Math.min(100, Math.round(percent * 100) / 100),
    eta_s: state === "running" && rate > 0 ? Math.max(0, Math.round((total - stats.issued) / rate)) : null,
    errors: stats.errors,
    repaired_bytes: stats.processed,
  };
}
