import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import { nameOf } from "../updates/dependants.ts";
import { composeFilesOf } from "./places.ts";
import { at, branchesOf, listOf, textOf, textsOf, type Value } from "./proxies/values.ts";

/** Where a container runs otherwise than its compose file says now: the next `up` makes it as the file says. */
export interface Difference {
  container: string;
  file: string;
  what: string;
}

const label = ({ Config }: ContainerInspected, name: string) => Config.Labels?.[`com.docker.compose.${name}`] ?? "";

/** What a container and its compose file tell differently of ports, networks and a proxy's labels; null where the file can't be followed. */
export function differencesOf(
  container: ContainerInspected,
  /** By path; null for what is no YAML. */
  compose: ReadonlyMap<string, Value | null>,
): Difference[] | null {
  const paths = composeFilesOf(container);
  const files = paths.map((path) => compose.get(path) ?? null);
  const service = label(container, "service").toLowerCase();
  const defined = files.map((file) => at(file, "services", service)).filter((one) => branchesOf(one).length > 0);
  const [file] = paths;
  if (file === undefined || files.includes(null)) return null;
  const say = (what: string): Difference => ({ container: nameOf(container), file, what });
  // What it is made of may stand in another file.
  if (defined.length === 0)
    return files.some((one) => at(one, "include") !== "") ? null : [say("Its file no longer has it.")];
  if (defined.some((one) => at(one, "extends") !== "")) return null;
  const merged = (key: string) => defined.flatMap((one) => listOf(at(one, key)));
  return [
    ...compared(portsIn(merged("ports")), publishedBy(container), "publishes"),
    ...compared(
      networksIn(files, defined, container),
      Object.keys(container.NetworkSettings.Networks).map((name) => name.toLowerCase()),
      "puts it on the network",
    ),
    ...labelsDiffering(defined, container),
  ].map(say);
}

/** Both ways round; null for what can't be told from the file. */
function compared(file: readonly string[] | null, running: readonly string[], verb: string): string[] {
  if (file === null) return [];
  const only = (some: readonly string[], others: readonly string[]) =>
    [...new Set(some)].filter((one) => !others.includes(one)).toSorted();
  const [opens, left] = [only(file, running), only(running, file)];
  return [
    ...(opens.length > 0 ? [`Its file ${verb} ${opens.slice(0, 10).join(", ")}, and it runs without.`] : []),
    ...(left.length > 0
      ? [`It runs as if its file ${verb} ${left.slice(0, 10).join(", ")}, and that no longer says so.`]
      : []),
  ];
}

/** "8989:8989/tcp", "127.0.0.1:8989:8989/tcp"; null where one can't be told, as with a variable. Those without a port of the host are left out. */
function portsIn(ports: readonly Value[]): string[] | null {
  const found: string[] = [];
  for (const port of ports) {
    const text = typeof port === "string" ? port : longPort(port);
    const parts =
      /^(?:(\[[0-9a-fA-F:]+\]|\d+\.\d+\.\d+\.\d+):)?(?:(\d+)(?:-(\d+))?:)?(\d+)(?:-(\d+))?(?:\/(tcp|udp))?$/.exec(text);
    if (parts === null) return null;
    const [, address = "", from, to = from, inner = "", last = inner, protocol = "tcp"] = parts;
    if (from === undefined) continue;
    // Any one of several for a single port.
    if (to !== from && last === inner) return null;
    const count = Math.min(Number(to) - Number(from), 200);
    for (let step = 0; step <= count; step += 1)
      found.push(published(address.replace(/^\[|\]$/g, ""), Number(from) + step, Number(inner) + step, protocol));
  }
  return found;
}

function longPort(port: Value): string {
  const [ip, from, to, protocol] = ["host_ip", "published", "target", "protocol"].map((key) => textOf(at(port, key)));
  return `${ip ? `${ip.includes(":") ? `[${ip}]` : ip}:` : ""}${from ? `${from}:` : ""}${to}${protocol ? `/${protocol}` : ""}`;
}

const published = (address: string, host: string | number, inner: number, protocol: string) =>
  `${address === "" || address === "0.0.0.0" ? "" : `${address}:`}${host}:${inner}/${protocol}`;

function publishedBy({ HostConfig }: ContainerInspected): string[] {
  return Object.entries(HostConfig.PortBindings ?? {}).flatMap(([key, hosts]) => {
    const [inner, protocol = "tcp"] = key.split("/");
    return (hosts ?? []).flatMap(({ HostIp = "", HostPort = "" }) =>
      /^\d+$/.test(HostPort) ? [published(HostIp, HostPort, Number(inner), protocol)] : [],
    );
  });
}

/** By the names they have on the engine, in lower case. */
function networksIn(
  files: readonly (Value | null)[],
  defined: readonly Value[],
  container: ContainerInspected,
): string[] | null {
  if (defined.some((one) => at(one, "network_mode") !== "")) return null;
  const listed = defined.flatMap((one) => {
    const networks = at(one, "networks");
    return branchesOf(networks).length > 0 ? branchesOf(networks).map(([name]) => name) : textsOf(networks);
  });
  const names = (listed.length > 0 ? listed : ["default"]).map((name) => {
    const one = files.map((file) => at(file, "networks", name.toLowerCase())).find((value) => value !== "") ?? "";
    const given = textOf(at(one, "name")) || textOf(at(one, "external", "name"));
    return given || (textOf(at(one, "external")) === "true" ? name : `${label(container, "project")}_${name}`);
  });
  return names.every((name) => /^[A-Za-z0-9][\w.-]{0,100}$/.test(name))
    ? names.map((name) => name.toLowerCase())
    : null;
}

const ofProxies = /^(traefik|caddy|swag)([._]|$)/;

function labelsDiffering(defined: readonly Value[], { Config }: ContainerInspected): string[] {
  const written = defined.flatMap((one) => {
    const labels = at(one, "labels");
    const listed = textsOf(labels).map((entry): [string, string] => {
      const [key = "", ...value] = entry.split("=");
      return [key.toLowerCase(), value.join("=")];
    });
    return [...listed, ...branchesOf(labels).map(([key, value]): [string, string] => [key, textOf(value)])];
  });
  const file = new Map(written.filter(([key]) => ofProxies.test(key)));
  const running = new Map(
    Object.entries(Config.Labels ?? {})
      .map(([key, value]): [string, string] => [key.toLowerCase(), value])
      .filter(([key]) => ofProxies.test(key)),
  );
  const differing = [...new Set([...file.keys(), ...running.keys()])].filter((key) => {
    const value = file.get(key);
    // A variable is filled in when it is made.
    return value?.replaceAll("$$", "").includes("$") ? false : value?.replaceAll("$$", "$") !== running.get(key);
  });
  const names = differing.filter((key) => /^[a-z0-9._-]{1,100}$/.test(key)).toSorted();
  return names.length > 0 ? [`What its labels tell a proxy differs: ${names.slice(0, 5).join(", ")}.`] : [];
}
