import { type Clock, systemClock } from "../../shared/clock.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import { StewardError } from "../../shared/errors.ts";
import { once } from "../../shared/once.ts";
import type { RunOptions, RunResult, Shell } from "../shell/port.ts";
import type { ReadingCommands } from "../shell/table.ts";
import { parseAshifts, withAshifts } from "./ashifts.ts";
import { shortMemory, withEverything } from "./everything.ts";
import {
  parseBookmarkLine,
  parseDatasetLine,
  parseHoldLine,
  parseLineageLine,
  parsePoolLine,
  parseProperties,
  parseReclaim,
  parseSnapshotLine,
} from "./lists.ts";
import { notFound } from "./names.ts";
import type { Dataset, ErrorMemory, Lineage, Pool, Snapshot, Zfs } from "./port.ts";
import type { DiskLinks, PoolStatus } from "./status.ts";
import { parseStatusJson } from "./status-json.ts";
import { parseStatusText } from "./status-text.ts";

/** ZFS through `zpool` and `zfs`: JSON for the tree where OpenZFS has it (2.3), text before. Lists are tabular in all. */
export function zfsOverShell(
  shell: Shell<ReadingCommands>,
  clock: Clock = systemClock,
  memory: ErrorMemory = shortMemory(),
): Zfs {
  const hasJson = once(async () => {
    const { stdout } = answered(await shell.run("zfsVersion", {}));
    const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
    return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 3);
  });

  async function datasets(signal?: AbortSignal): Promise<Dataset[]> {
    return linesOf(answered(await shell.run("zfsList", {}, within(signal)))).map(parseDatasetLine);
  }

  async function status(signal?: AbortSignal): Promise<PoolStatus[]> {
    const links = linksOf(await shell.run("diskLinks", {}, within(signal)).catch(unlessMissing));
    if (await hasJson()) {
      const { stdout } = answered(await shell.run("zpoolStatusJson", {}, within(signal)));
      return parseStatusJson(stdout, clock.now(), links);
    }
    for (let left = 3; left > 0; left -= 1) {
      const [names, guids] = await Promise.all([
        shell.run("zpoolStatus", {}, within(signal)),
        shell.run("zpoolStatusGuids", {}, within(signal)),
      ]);
      const parsed = parseStatusText(answered(names).stdout, answered(guids).stdout, links);
      if (parsed !== null) return parsed;
    }
    throw new StewardError("conflict", "The pools changed while they were read.", "Try again in a moment.");
  }

  /** Good to know, and no reason to know nothing else: older versions don't tell. */
  async function ashiftsOf(pool: string, signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const told = await shell.run("zpoolAshifts", { pool }, within(signal)).catch(() => ({ stdout: "" }));
    return parseAshifts(linesOf(told));
  }

  async function pools(signal?: AbortSignal): Promise<Pool[]> {
    const [list, statuses, roots] = await Promise.all([
      shell.run("zpoolList", {}, within(signal)),
      status(signal),
      datasets(signal),
    ]);
    const sizes = new Map(linesOf(answered(list)).map((line) => [line.split("\t")[0], parsePoolLine(line)]));
    const ashifts = await Promise.all(statuses.map(({ name }) => ashiftsOf(name, signal)));
    return statuses.flatMap((one, index) => {
      const size = sizes.get(one.name);
      if (size === undefined) return []; // Exported between the two.
      const vdevs = withAshifts(one.vdevs, ashifts[index] ?? new Map());
      const root = roots.find(({ name }) => name === one.name);
      // A pool that is suspended or can't be opened has no datasets to list.
      const { used_bytes = 0, available_bytes = 0, created_at = null } = root ?? {};
      const usable_bytes = used_bytes + available_bytes;
      return [{ ...one, ...size, vdevs, created_at, used_bytes, available_bytes, usable_bytes }];
    });
  }

  async function withHolds<S extends Snapshot>(found: S & { holdCount: number }, signal?: AbortSignal) {
    const { holdCount, ...snapshot } = found;
    if (holdCount === 0) return snapshot;
    const { stdout } = answered(await shell.run("zfsHolds", { snapshot: snapshot.name }, within(signal)));
    return { ...snapshot, holds: linesOf({ stdout }).map(parseHoldLine) };
  }

  async function snapshots({ dataset, details = false }: Parameters<Zfs["snapshots"]>[0], signal?: AbortSignal) {
    const found: ReturnType<typeof parseSnapshotLine>[] = [];
    if (dataset === undefined) {
      for await (const line of shell.lines("zfsSnapshots", {}, within(signal))) found.push(parseSnapshotLine(line));
    } else {
      const listed = answered(await shell.run("zfsSnapshotsOf", { dataset }, within(signal)));
      found.push(...linesOf(listed).map(parseSnapshotLine));
    }
    if (details) return eachLimited(found, 4, (one) => withHolds(one, signal));
    return found.map(({ holdCount, ...snapshot }): Snapshot => snapshot);
  }

  async function lineage(dataset: string, signal?: AbortSignal): Promise<Lineage> {
    const pool = dataset.split("/")[0];
    const [own, listed, marks, all, pools] = await Promise.all([
      shell.run("zfsGet", { dataset }, within(signal)),
      shell.run("zfsLineage", { dataset }, within(signal)),
      shell.run("zfsBookmarks", { dataset }, within(signal)),
      datasets(signal),
      shell.run("zpoolList", {}, within(signal)),
    ]);
    const { guid } =
      linesOf(answered(pools))
        .map(parsePoolLine)
        .find(({ name }) => name === pool) ?? {};
    if (guid === undefined) throw notFound();
    return {
      pool_guid: guid,
      ...parseProperties(linesOf(answered(own))),
      below: all.map(({ name }) => name).filter((name) => name.startsWith(`${dataset}/`)),
      snapshots: await eachLimited(linesOf(answered(listed)).map(parseLineageLine), 4, (one) => withHolds(one, signal)),
      bookmarks: linesOf(answered(marks)).map(parseBookmarkLine),
    };
  }

  return withEverything(
    {
      rules: { hold_tag: null, spaces: false, new_disk_by: "by_id", wipes_replaced: false },
      pools,
      lineage,
      async wouldFree(names, signal) {
        const [first = "", ...others] = names;
        const snapshots = [first, ...others.map((name) => name.slice(name.indexOf("@") + 1))].join(",");
        return parseReclaim(linesOf(answered(await shell.run("zfsWouldFree", { snapshots }, within(signal)))));
      },
      datasets,
      snapshots,
      async snapshot(name, signal) {
        const listed = answered(await shell.run("zfsSnapshot", { snapshot: name }, within(signal)));
        const [line] = linesOf(listed);
        if (line === undefined) throw notFound();
        return withHolds(parseSnapshotLine(line), signal);
      },
      snapshotTasks: async () => null,
    },
    clock,
    memory,
  );
}

const within = (signal?: AbortSignal): RunOptions => (signal ? { signal } : {});

const linesOf = ({ stdout }: Pick<RunResult, "stdout">) => stdout.split("\n").filter((line) => line !== "");

/** A machine without `find` has no links to tell. */
function unlessMissing(error: unknown): RunResult {
  if (error instanceof StewardError && error.code === "unsupported") return { stdout: "", stderr: "", code: 0 };
  throw error;
}

/** Names below /dev/disk; without them (BSD, no `find`) only kernel names are known. */
function linksOf({ stdout }: RunResult): DiskLinks {
  const links = linesOf({ stdout }).map((line) => line.split("\t"));
  return new Map(links.map(([name = "", target = ""]) => [name, target.replace(/^.*\//, "")]));
}

function answered(result: RunResult): RunResult {
  const { code, stderr } = result;
  if (code === 0) return result;
  const cause = new Error(`exit code ${code}: ${stderr}`);
  if (/does not exist|no such pool/.test(stderr)) throw notFound(cause);
  if (/Permission denied|must be superuser/i.test(stderr))
    throw new StewardError("refused", "ZFS does not let this account read.", "Let it read /dev/zfs, or use another.", {
      cause,
    });
  if (/ZFS modules? (?:are not|cannot be)/.test(stderr))
    throw new StewardError("unsupported", "ZFS is not running on this machine.", "Load its kernel module (zfs).", {
      cause,
    });
  throw new StewardError("wrong_answer", "ZFS could not tell that.", "Run `zpool status` on that machine.", { cause });
}
