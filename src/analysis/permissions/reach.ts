import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { engineSocket } from "../updates/gained.ts";
import { isEveryday, sensitivity } from "./checks/sensitive.ts";
import { samePath, within } from "./paths.ts";

/** One row of the matrix: whose data a container can reach, and by what. */
export interface Reach {
  container: string;
  /** Why it reaches everything on this machine; null where it doesn't. */
  everything: string | null;
  /** The others whose data it reaches, by name. */
  others: { container: string; path: string; writable: boolean }[];
}

const outOf = new Set(["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH"]);

/** Which containers can reach which others' data: by rights over the machine, or by what both have mounted. */
export function reach(containers: readonly ContainerInspected[]): Reach[] {
  return containers.map((container) => ({
    container: nameOf(container),
    everything: everythingBy(container),
    others: containers.flatMap((other) => (other === container ? [] : shared(container, other))),
  }));
}

function everythingBy({ HostConfig, Mounts }: ContainerInspected): string | null {
  if (HostConfig.Privileged) return "privileged";
  const binds = Mounts.filter(({ Type }) => Type === "bind");
  const holds = (path: string, source: string | undefined) => source !== undefined && within(path, source);
  const socket = binds.find(
    ({ Source }) =>
      Source !== undefined &&
      (engineSocket.test(Source) || holds("/run/docker.sock", Source) || holds("/var/run/docker.sock", Source)),
  );
  if (socket !== undefined)
    return samePath(socket.Source ?? "", "/") ? "the whole machine is mounted" : "the engine's socket";
  if (binds.some(({ Source }) => holds("/var/lib/docker/volumes", Source))) return "the engine's own files";
  const capability = (HostConfig.CapAdd ?? [])
    .map((one) => one.toUpperCase().replace(/^CAP_/, ""))
    .find((one) => outOf.has(one));
  if (capability !== undefined && (HostConfig.PidMode === "host" || capability !== "SYS_PTRACE"))
    return `capability ${capability}`;
  return null;
}

/** Not what is the machine's own: its clock, its sockets, its kernel are no container's data. */
function isData({ Type, Source = "" }: ContainerInspected["Mounts"][number]): boolean {
  return Type !== "bind" || !(engineSocket.test(Source) || isEveryday(Source) || sensitivity(Source, true) !== null);
}

/** The path of the machine, or the volume, that both have; the outermost of each pair. */
function shared(one: ContainerInspected, other: ContainerInspected): Reach["others"] {
  const found = one.Mounts.filter(isData).flatMap((mine) => {
    const theirs = other.Mounts.filter(isData).find(({ Type, Name, Source }) => {
      if (Type !== mine.Type || (Type !== "bind" && Type !== "volume")) return false;
      if (Type === "volume") return Name !== undefined && Name === mine.Name;
      return (
        Source !== undefined &&
        mine.Source !== undefined &&
        (within(Source, mine.Source) || within(mine.Source, Source))
      );
    });
    if (theirs === undefined) return [];
    const [inner, outer] = [theirs, mine].map(({ Type, Name, Source }) => (Type === "volume" ? Name : Source) ?? "");
    const path = within(inner ?? "", outer ?? "") ? (inner ?? "") : (outer ?? "");
    return [{ container: nameOf(other), path, writable: mine.RW }];
  });
  // One line a neighbour: the one that says most.
  const best = found.find(({ writable }) => writable) ?? found[0];
  return best === undefined ? [] : [best];
}
