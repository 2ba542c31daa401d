import type { ContainerInspected, Endpoint } from "../../systems/docker/shapes.ts";

type Fields = Record<string, unknown>;

/** Which network a container is created on, and which it joins before it starts. */
export interface Networks {
  mode: string;
  /** The primary's key and settings for `NetworkingConfig`, when there is anything to say. */
  primary: { network: string; endpoint: Fields } | null;
  connect: { network: string; endpoint: Fields }[];
  notes: string[];
}

// What the engine works out by itself at start: stale in the new container.
const operational = [
  "NetworkID",
  "EndpointID",
  "Gateway",
  "IPAddress",
  "IPPrefixLen",
  "IPv6Gateway",
  "GlobalIPv6Address",
  "GlobalIPv6PrefixLen",
  "DNSNames",
  "MacAddress",
  "Aliases",
];

/** `mode` is HostConfig.NetworkMode, after a `container:` id was put back to its name. */
export function networksOf(container: ContainerInspected, mode: string): Networks {
  const alone = { mode, primary: null, connect: [], notes: [] };
  if (mode === "host" || mode === "none" || mode.startsWith("container:")) return alone;
  const endpoints = container.NetworkSettings.Networks;
  const names = Object.keys(endpoints).sort();
  const named = mode === "default" || mode === "" ? "bridge" : mode;
  const home = names.find((name) => name === named || endpoints[name]?.NetworkID === mode);
  const first = home ?? names[0];
  if (first === undefined)
    return { ...alone, mode: "none", notes: ["It was disconnected from every network and stays so."] };

  const settings = names.map((name) => ({
    network: name,
    endpoint: settingsOf(endpoints[name], container, name === first),
  }));
  const primary = settings.find(({ network }) => network === first) ?? null;
  const said = primary !== null && Object.keys(primary.endpoint).length > 0;
  // "default" is no name an endpoint can be given under, and an id goes stale.
  const unchanged = first === mode || (first === named && !said);
  return {
    mode: unchanged ? mode : first,
    primary: said ? primary : null,
    connect: settings.filter(({ network }) => network !== first),
    notes:
      home === undefined ? ["It had left the network it was created on; it is created on one it is connected to."] : [],
  };
}

function settingsOf(endpoint: Endpoint | undefined, container: ContainerInspected, primary: boolean): Fields {
  if (endpoint === undefined) return {};
  const kept = Object.fromEntries(
    Object.entries(endpoint).filter(([key, value]) => !operational.includes(key) && !isEmpty(value)),
  );
  // Engines before API 1.45 add the short id of the old container as an alias.
  const aliases = (endpoint.Aliases ?? []).filter((alias) => alias !== container.Id.slice(0, 12));
  if (aliases.length > 0) kept.Aliases = aliases;
  const mac = configuredMac(endpoint, container, primary);
  if (mac !== null) kept.MacAddress = mac;
  return kept;
}

/**
 * The MAC address if it was asked for. Before 28 the engine derives one from the address (02:42 + IPv4): that one must
 * not be carried, or two containers may end up with it. Since 28 it is random and can't be told apart: keeping it is safe.
 */
function configuredMac(endpoint: Endpoint, container: ContainerInspected, primary: boolean): string | null {
  const said = container.Config.MacAddress;
  if (primary && typeof said === "string" && said !== "") return said;
  const mac = endpoint.MacAddress ?? "";
  const derived = [endpoint.IPAddress, endpoint.IPAMConfig?.IPv4Address].some((ip) => ip && macOf(ip) === mac);
  return mac === "" || derived ? null : mac;
}

function macOf(ipv4: string): string {
  return ["02", "42", ...ipv4.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
