import { nameOf } from "../updates/dependants.ts";
import { parseReference } from "../updates/reference.ts";
import type { Endpoint } from "./endpoints.ts";

const plexPort = 32400;
const isPlex = ({ container }: Endpoint): boolean =>
  container !== null &&
  /(^|\/)(plex|pms-docker|plexinc.*)$/.test(parseReference(container.Config.Image)?.repository ?? "");

/**
 * What has to hold for Plex's port to be a fair exception: nothing else of it is open, and what only Plex itself knows.
 * Ports as Plex's own support pages list them. None for other exceptions.
 */
export function conditionsOf(endpoint: Endpoint, all: readonly Endpoint[]): { what: string; met: boolean | null }[] {
  const { container, port, protocol } = endpoint;
  if (container === null || port !== plexPort || protocol !== "tcp" || !isPlex(endpoint)) return [];
  const others = all.filter((one) => one.container?.Id === container.Id && one !== endpoint);
  const name = nameOf(container);
  return [
    { what: `no other port of ${name} is open${portsOf(others)}`, met: others.length === 0 },
    { what: `${name} has no privileges of the host`, met: !container.HostConfig.Privileged },
    { what: "secure connections are required (Plex: Settings, Network)", met: null },
    { what: "the Plex account asks for a second factor", met: null },
    { what: "somebody watches for wrong logins (fail2ban), and limits connections", met: null },
  ];
}

const portsOf = (others: readonly Endpoint[]) =>
  others.length === 0 ? "" : ` (${others.map(({ port, protocol }) => `${port}/${protocol}`).join(", ")})`;
