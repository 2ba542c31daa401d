import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../shared/json.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";

type Fields = Readonly<Record<string, unknown>>;

const hostSpaces = ["NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode"];
const lists = ["CapAdd", "Devices", "DeviceRequests", "DeviceCgroupRules", "SecurityOpt"];
/** The path of an engine's socket: who reaches it is root on that machine. */
export const engineSocket = /(^|\/)(docker|containerd|podman)\.sock$/;

/**
 * What a create request would be allowed that the old container was not, in plain words: privileges, the engine's socket,
 * namespaces of the host, capabilities, devices. Anything here means that the request must not be sent.
 */
export function gained(old: ContainerInspected, body: JsonObject): string[] {
  const before: Fields = old.HostConfig;
  const after = fields(body.HostConfig);
  const found = hostSpaces
    .filter((space) => after[space] === "host" && before[space] !== "host")
    .map((space) => `the host's ${space}`);
  if (after.Privileged === true && before.Privileged !== true) found.push("all privileges");
  for (const list of lists) {
    // By value, not by their JSON: a stored plan has its keys in another order than the engine.
    // Only this one takes rights away.
    const had = [...items(before[list]), "no-new-privileges", "no-new-privileges:true"];
    if (items(after[list]).some((item) => !had.some((one) => isDeepStrictEqual(one, item))))
      found.push(`more in ${list}`);
  }
  const mounted = new Set(old.Mounts.flatMap(({ Source }) => (Source === undefined ? [] : [Source])));
  if (sources(after).some((source) => engineSocket.test(source) && !mounted.has(source)))
    found.push("the engine's socket");
  return found;
}

function sources(host: Fields): string[] {
  const binds = items(host.Binds).map((bind) => String(bind).split(":", 1)[0] ?? "");
  return [...binds, ...items(host.Mounts).map((mount) => String(fields(mount).Source ?? ""))];
}

const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
