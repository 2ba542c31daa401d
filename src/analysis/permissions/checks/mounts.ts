import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import { nameOf } from "../../updates/dependants.ts";
import { engineSocket } from "../../updates/gained.ts";
import type { Check, Found, Severity, Surroundings } from "../finding.ts";
import { listed } from "../listed.ts";
import { below, samePath, within } from "../paths.ts";
import { isEveryday, sensitivity } from "./sensitive.ts";
import { ownTrees, sameProject } from "./trees.ts";

type Mount = ContainerInspected["Mounts"][number] & { Source: string };
/** What one mount does wrong. */
type Fault = { severity: Severity; text: string } | null;

/** Only play and show what they are given: nothing of theirs writes into a library. */
const players =
  /(^|\/)(plex|pms-docker|jellyfin|emby|embyserver|navidrome|airsonic(-advanced)?|kavita|komga|audiobookshelf|tautulli|gerbera|minidlna)(:|@|$)/;
const library =
  /(^|\/)(media|movies?|films?|tv|tvshows|shows|series|anime|music|audio|audiobooks|podcasts|photos|pictures|videos|books|comics|manga)(\/|$)/i;

/** What of the machine, and of other containers, it can reach through its mounts. */
export const mounts: Check = ({ container }, around) => {
  const all = container.Mounts.filter((mount): mount is Mount => mount.Source !== undefined && mount.Source !== "");
  const binds = all.filter(({ Type }) => Type === "bind");
  const sockets = binds.filter(({ Source }) => engineSocket.test(Source));
  const rest = binds.filter((mount) => !sockets.includes(mount));
  const each = (check: Found["check"], judge: (mount: Mount) => Fault) => worstOf(check, rest.map(judge));
  return [
    ...worstOf(
      "docker_socket",
      sockets.map(({ Source, RW }) => ({
        severity: "critical",
        text: `${Source}${RW ? "" : " (:ro, which does not stop commands)"}`,
      })),
    ),
    ...each("sensitive_path", ({ Source, RW }) => {
      const found = sensitivity(Source, RW);
      return found && { severity: found.severity, text: `${Source}${access(RW)}: ${found.why}` };
    }),
    ...each("whole_pool", ({ Source, RW }) =>
      isPool(Source, around.pools) ? { severity: RW ? "critical" : "warning", text: `${Source}${access(RW)}` } : null,
    ),
    ...each("other_apps_data", (mount) => foreign(mount, container, around)),
    ...each("writable_mount", ({ Source, Destination, RW }) => {
      if (!RW) return null;
      if (isEveryday(Source)) return { severity: "info", text: Source };
      return players.test(container.Config.Image) && library.test(Destination)
        ? { severity: "warning", text: Source }
        : null;
    }),
    ...worstOf(
      "shared_propagation",
      all.map(({ Source, Propagation = "" }) =>
        /^r?shared$/.test(Propagation) ? { severity: "warning", text: `${Source} (${Propagation})` } : null,
      ),
    ),
  ];
};

const access = (writable: boolean) => (writable ? "" : " (read-only)");
const severities: readonly Severity[] = ["critical", "warning", "info"];

/** One finding of all faults of a kind, as bad as the worst of them. */
function worstOf(check: Found["check"], faults: readonly Fault[]): Found[] {
  const there = faults.filter((fault) => fault !== null);
  const severity = severities.find((one) => there.some((fault) => fault.severity === one));
  if (severity === undefined) return [];
  const worstFirst = there.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  return [{ check, severity, evidence: listed(worstFirst.map(({ text }) => text)) }];
}

/** A pool's own mount point, or the folder of all of them. Where pools are not known, a folder of /mnt counts as one. */
function isPool(source: string, pools: readonly string[] | null): boolean {
  if (samePath(source, "/mnt")) return true;
  return pools === null ? /^\/mnt\/[^/]+\/?$/.test(source) : pools.some((pool) => samePath(source, pool));
}

/** Whether a mount holds what another container calls its own. */
function foreign({ Source, RW }: Mount, container: ContainerInspected, around: Surroundings): Fault {
  const others = around.subjects
    .map((one) => one.container)
    .filter((other) => other !== container && !sameProject(container, other));
  const mine = ownTrees(container);
  const above = others.filter((other) => ownTrees(other).some((tree) => below(tree, Source)));
  if (above.length > 0 && !isPool(Source, around.pools) && sensitivity(Source, RW) === null)
    return {
      severity: RW ? "critical" : "warning",
      text: `${Source}${access(RW)} holds the data of ${listed(above.map(nameOf))}`,
    };
  const into = others.find((other) => ownTrees(other).some((tree) => within(Source, tree) && !mine.includes(tree)));
  if (into === undefined || mine.some((tree) => samePath(tree, Source))) return null;
  return { severity: RW ? "warning" : "info", text: `${Source}${access(RW)} is the data of ${nameOf(into)}` };
}
