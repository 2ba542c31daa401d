import type { MountPoint } from "../../../systems/files/port.ts";
import { nameOf } from "../../updates/dependants.ts";
import { engineSocket } from "../../updates/gained.ts";
import { isEveryday, sensitivity } from "../checks/sensitive.ts";
import { ownTrees } from "../checks/trees.ts";
import type { Subject, Surroundings } from "../finding.ts";
import { below, samePath, within } from "../paths.ts";
import { runsAs } from "../runs-as.ts";
import type { Viewer } from "./tally.ts";

/** One folder of the machine to walk, and for whom. */
export interface TreePlan {
  path: string;
  filesystem: string;
  /** What is mounted there: a dataset, a device. */
  source: string;
  acl: MountPoint["acl"];
  /** Of the passes those whose filesystems have access lists. */
  with_lists: string[];
  /** The container that its findings belong to. */
  owner: string;
  viewers: Viewer[];
  /** Passes: the tree itself, and each filesystem mounted inside of it. */
  passes: string[];
  /** Mounts inside that have to answer before anybody looks at the tree. */
  ask_first: string[];
  /** Why it is not walked, in our own words; null where it is. */
  left_out: string | null;
}

interface Around {
  mounts: readonly MountPoint[];
  /** Whether a path is inside the configured roots. */
  takes(path: string): boolean;
  /** Walk network mounts, too. */
  network: boolean;
}

/** Which folders of the machine to walk for `wanted` containers: the outermost of what they have mounted. */
export function planTrees(wanted: readonly Subject[], around: Surroundings, machine: Around): TreePlan[] {
  const sources = [...new Set(wanted.flatMap(({ container }) => container.Mounts.flatMap(sourceOf)))];
  return sources
    .filter((path) => !sources.some((other) => below(path, other)))
    .map((path) => planTree(path, wanted, around, machine));
}

/** A mount's folder of data on the machine: not its settings, sockets and devices, which no walk would tell more of. */
function sourceOf({ Type, Source = "" }: Subject["container"]["Mounts"][number]): string[] {
  if (Type === "volume") return Source === "" ? [] : [Source];
  if (Type !== "bind" || engineSocket.test(Source) || isEveryday(Source) || Source.startsWith("/dev/")) return [];
  return sensitivity(Source, true) === null ? [Source] : [];
}

function planTree(path: string, wanted: readonly Subject[], around: Surroundings, machine: Around): TreePlan {
  const { mounts, takes, network } = machine;
  // The last one mounted is the one that is seen.
  const mounted = (pass: string) =>
    mounts.findLast((mount) => mountOf(pass, mounts) === mount.path && within(pass, mount.path));
  const at = mounted(path);
  const inside = mounts.filter((mount) => below(mount.path, path));
  const local = inside.filter((mount) => network || !mount.network);
  const passes = [path, ...new Set(local.map((mount) => mount.path).filter(takes))];
  const remote = at?.network === true && !network;
  return {
    path,
    filesystem: at?.filesystem ?? "unknown",
    source: at?.source ?? "unknown",
    acl: at?.acl ?? null,
    with_lists: passes.filter((pass) => mounted(pass)?.acl != null),
    owner: ownerOf(path, wanted),
    viewers: around.subjects.flatMap((subject) => viewersOf(subject, path)),
    passes,
    ask_first: [
      ...new Set([
        ...(remote ? [] : at?.network ? [at.path] : []),
        ...inside.filter((m) => m.network).map((m) => m.path),
      ]),
    ],
    left_out: !takes(path)
      ? "it is outside of the host's roots in the configuration, or its name holds characters that no command takes"
      : remote
        ? `it is on a network mount (${at?.filesystem}); network_mounts walks it`
        : null,
  };
}

/** The innermost mount point that a path lies on. */
function mountOf(path: string, mounts: readonly MountPoint[]): string {
  return mounts.reduce(
    (inmost, mount) => (within(path, mount.path) && within(mount.path, inmost) ? mount.path : inmost),
    "/",
  );
}

function ownerOf(path: string, wanted: readonly Subject[]): string {
  const having = wanted.filter(({ container }) =>
    container.Mounts.some(({ Source }) => Source !== undefined && samePath(Source, path)),
  );
  const own = having.find(({ container }) => ownTrees(container).includes(path));
  const writing = having.find(({ container }) => container.Mounts.some(({ Source, RW }) => RW && Source === path));
  const owner = own ?? writing ?? having[0];
  return owner === undefined ? "" : nameOf(owner.container);
}

function viewersOf(subject: Subject, path: string): Viewer[] {
  const { uid, gid } = runsAs(subject);
  if (uid === null) return [];
  const extra = subject.container.HostConfig.GroupAdd ?? [];
  const known = gid !== null && extra.every((group) => /^\d+$/.test(group));
  return subject.container.Mounts.flatMap(({ Type, Source, RW }) => {
    if (Source === undefined || (Type !== "bind" && Type !== "volume")) return [];
    if (!within(Source, path) && !within(path, Source)) return [];
    const gids = known ? new Set([gid, ...extra.map(Number)]) : null;
    return [{ container: nameOf(subject.container), uid, gids, writable: RW, path: Source }];
  });
}
