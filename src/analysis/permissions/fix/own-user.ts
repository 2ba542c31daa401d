import { cleanLine } from "../../../shared/text.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import { engineSocket } from "../../updates/gained.ts";
import type { Subject, Surroundings } from "../finding.ts";
import { adminGroupsOf, isAdminGroupName, runsAs, type Variables } from "../runs-as.ts";

/**
 * Images taken to need root, and why `user:` would only break them. Pi-hole says so of itself (docs.pi-hole.net/docker/configuration).
 * Of the others it is common experience and checked against no source: left out rather than tried.
 */
const needingRoot: readonly { image: RegExp; why: string }[] = [
  {
    image: /^(docker\.io\/)?(library\/)?nginx(:|@|$)/,
    why: "nginx's image starts as root and hands over to its own user; nginxinc/nginx-unprivileged does not need root",
  },
  { image: /(^|\/)pihole\/pihole(:|@|$)/, why: "Pi-hole starts as root and hands over to its own user" },
  {
    image: /(^|\/)jc21\/nginx-proxy-manager(:|@|$)/,
    why: "Nginx Proxy Manager starts as root: set its PUID and PGID by hand, and try its certificates after that",
  },
  {
    image: /(^|\/)(homeassistant|home-assistant)\/[^/]*home-assistant(:|@|$)/,
    why: "Home Assistant's image needs root",
  },
  { image: /(^|\/)nextcloud\/all-in-one(:|@|$)/, why: "Nextcloud AIO makes containers by itself" },
];

/**
 * Databases whose own images start as whomever they are told to, and hand over by themselves otherwise
 * (docker-library/postgres 253, and the pull requests that it names for the others).
 */
const anyUser = /^(docker\.io\/)?(library\/)?(postgres|mariadb|mysql|mongo|redis|valkey\/valkey|memcached)(:|@|$)/;

/** s6-overlay prepares /run and the users as root (its issues 19 and 574); entrypoint as images have it. */
const startsByS6 = ({ container, image }: Subject): boolean =>
  (container.Config.Entrypoint ?? image?.Config?.Entrypoint ?? []).some(
    (word) => word === "/init" || word === "/s6-init",
  );

/** How a container can get a user of its own, or why not, in our own words. */
export type Eligible =
  | {
      /** The image becomes whom these name; null: it gets `user:`. */
      variables: Variables | null;
      /** Users (host uids) that it writes files as now. */
      uids: ReadonlySet<number>;
      /** Null where only its image knows it. */
      gid: number | null;
      warnings: string[];
    }
  | { why: string };

/** Tells a container that can do with a user of its own from one that can't. */
export function eligible(subject: Subject, around: Pick<Surroundings, "security_options" | "accounts">): Eligible {
  const { container, process_uids } = subject;
  const { uid, gid, name, by, variables } = runsAs(subject);
  const more = moreThanUser(container, around);
  if (more !== null) return { why: more };
  if (variables !== null && uid !== null) return { variables, uids: new Set([uid]), gid, warnings: [] };
  const root = rootNeeded(subject);
  if (root !== null) return { why: root };
  const uids = new Set([...(uid === null ? [] : [uid]), ...(process_uids ?? [])]);
  if (uids.size === 0)
    return {
      why: `it runs as ${cleanLine(name ?? "", 32)} of its image; which number that is shows only while it runs`,
    };
  const unknown = by === "root" && !anyUser.test(container.Config.Image);
  return {
    variables: null,
    uids,
    gid,
    warnings: [
      ...(unknown
        ? [
            container.State.Running
              ? "Whether its image can start without root is not known: it shows when it starts, and is taken back if not."
              : "Whether its image can start without root is not known, and shows only when somebody starts it.",
          ]
        : []),
      ...((container.HostConfig.Devices ?? []).length > 0
        ? ["It has devices of the machine: without root it may need their group (group_add)."]
        : []),
    ],
  };
}

/** Why another user alone would change nothing. */
function moreThanUser(
  { Mounts, HostConfig }: ContainerInspected,
  { security_options, accounts }: Pick<Surroundings, "security_options" | "accounts">,
): string | null {
  const remapped = security_options.includes("userns") && HostConfig.UsernsMode !== "host";
  if (remapped || security_options.includes("rootless"))
    return "the engine maps its users to others of the machine already";
  if (Mounts.some(({ Source, Destination }) => [Source ?? "", Destination].some((path) => engineSocket.test(path))))
    return "it has Docker's socket, which makes root of any user; take that away first";
  if (HostConfig.Privileged) return "it is privileged, which makes root of any user; take that away first";
  const powerful = adminGroupsOf(accounts);
  const groups = (HostConfig.GroupAdd ?? []).filter((one) => isAdminGroupName(one) || powerful.has(Number(one)));
  if (groups.length > 0)
    return `it was put into an administrator's group (group_add ${groups.join(", ")}); take that away first`;
  return null;
}

/** Why it could not go on without root; null where nothing is known against it. */
function rootNeeded(subject: Subject): string | null {
  const { Config, HostConfig } = subject.container;
  const known = needingRoot.find(({ image }) => image.test(Config.Image));
  if (known !== undefined) return known.why;
  if (startsByS6(subject)) return "its image starts with s6-overlay, which needs root to prepare itself";
  const added = HostConfig.CapAdd ?? [];
  if (added.length > 0) return `it has capabilities that only root can use (${added.join(", ")})`;
  const ports = HostConfig.NetworkMode === "host" ? lowPorts(subject.container) : [];
  return ports.length > 0 ? `it listens on the machine's port ${ports.join(", ")}, which only root may` : null;
}

/** Ports that the image says it listens on, below 1024. */
const lowPorts = ({ Config }: ContainerInspected): number[] =>
  Object.keys(Config.ExposedPorts ?? {})
    .map((port) => Number.parseInt(port, 10))
    .filter((port) => port < 1024);
