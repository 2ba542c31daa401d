import { StewardError } from "../../shared/errors.ts";
import type { RunResult, Shells } from "../shell/port.ts";
import { notFound } from "./names.ts";
import type { ScrubAction, ZfsChanges } from "./port.ts";

const scrubs = { start: "zpoolScrub", pause: "zpoolScrubPause", stop: "zpoolScrubStop" } as const satisfies Record<
  ScrubAction,
  string
>;

/** ZFS's changes through `zpool` and `zfs`. */
export function zfsChangesOverShell({ reading, changing: shell }: Pick<Shells, "reading" | "changing">): ZfsChanges {
  return {
    async createSnapshot(snapshot, recursive) {
      changed(await shell.run(recursive ? "zfsSnapshotCreateRecursive" : "zfsSnapshotCreate", { snapshot }));
    },
    async hold(snapshot, tag) {
      changed(await shell.run("zfsHold", { tag, snapshot }));
    },
    async release(snapshot, tag) {
      changed(await shell.run("zfsRelease", { tag, snapshot }));
    },
    async destroySnapshot(snapshot) {
      changed(await shell.run("zfsSnapshotDestroy", { snapshot }));
    },
    async clone(snapshot, dataset) {
      changed(await shell.run("zfsClone", { snapshot, dataset }));
    },
    async destroyClone(dataset) {
      const { stdout } = changed(await reading.run("zfsGet", { dataset }));
      if (!/^[^\t]*\torigin\t[^\t]*@/m.test(stdout)) throw noClone();
      changed(await shell.run("zfsCloneDestroy", { dataset }));
    },
    async rollback(snapshot) {
      changed(await shell.run("zfsRollback", { snapshot }));
    },
    async scrub(pool, action) {
      changed(await shell.run(scrubs[action], { pool }));
    },
    async offline(pool, guid) {
      changed(await shell.run("zpoolOffline", { pool, guid }));
    },
    async online(pool, guid) {
      changed(await shell.run("zpoolOnline", { pool, guid }));
    },
    async replace(pool, guid, byId) {
      changed(await shell.run("zpoolReplace", { pool, guid, byId }));
    },
  };
}

export const noClone = () =>
  new StewardError("conflict", "That dataset is no clone.", "Home Steward removes no dataset but a clone it made.");

type Said = readonly [pattern: RegExp, code: "conflict" | "refused" | "bad_input", message: string, fix: string];

/** What OpenZFS says, by the part of the sentence that has stayed the same from 2.1 to 2.3. The first that fits. */
const refusals: readonly Said[] = [
  [/dependent clones/, "conflict", "That snapshot has clones.", "Look at its clones first."],
  [/filesystem has children/, "conflict", "That dataset has others below it.", "Look at those first."],
  [/more recent snapshots/, "conflict", "There are newer snapshots.", "Remove those first, each by itself."],
  [/tag already exists/, "conflict", "It is held with that tag already.", "Look at its holds."],
  [/no such tag/, "conflict", "It is not held with that tag.", "Look at its holds."],
  [/already exists/, "conflict", "That exists already.", "Look at it again, or choose another name."],
  [/currently (?:scrubbing|being scrubbed)/, "conflict", "A scrub is running.", "Look at the pool again."],
  [/(?:currently|still|is) resilver/, "conflict", "A resilver is running.", "Wait until it has ended."],
  [/no active scrub/, "conflict", "No scrub is running.", "Look at the pool again."],
  [/no valid replicas/, "conflict", "The pool would be lost without that disk.", "Replace the other disk first."],
  [/device is too small/, "conflict", "That disk is smaller than the old one.", "Take one that is as large."],
  [/different (?:optimal )?sector/, "conflict", "That disk has other sectors.", "Take one like the old disk."],
  [/is part of|in use and contains/, "conflict", "That disk is in use.", "Take one that is empty."],
  [/is busy|in use|being held/, "conflict", "That is held or in use.", "Look at its holds, and at what uses it."],
  [/out of space|quota exceeded/, "refused", "There is no space left for that.", "Free space, then try again."],
  [/read-?only/i, "refused", "The pool can only be read.", "Look at the state of the pool."],
  [/I\/O.*suspended|pool.*suspended/i, "refused", "The pool is suspended.", "Look at its disks and cables."],
  [/[Pp]ermission denied|must be superuser/, "refused", "ZFS does not let this account do that.", "Run it as root."],
  [/invalid|bad |too long/, "bad_input", "ZFS does not accept that name.", "Choose another."],
];

function changed(result: RunResult): RunResult {
  const { code, stderr } = result;
  if (code === 0) return result;
  const cause = new Error(`exit code ${code}: ${stderr}`);
  // Killed in the middle: it may have run.
  if (code >= 128)
    throw new StewardError(
      "unreachable",
      "The command was ended before it answered. The change may have been made.",
      "Look at how things are before trying again.",
      { cause },
    );
  if (/does not exist|no such (?:pool|device)|could not find any snapshots/.test(stderr)) throw notFound(cause);
  const [, kind, message, fix] = refusals.find(([pattern]) => pattern.test(stderr)) ?? [];
  if (kind !== undefined && message !== undefined && fix !== undefined)
    throw new StewardError(kind, message, fix, { cause });
  throw new StewardError("refused", "ZFS could not do that.", "Its own words are in Home Steward's log.", { cause });
}
