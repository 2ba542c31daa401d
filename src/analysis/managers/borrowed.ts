import { isAlias, isMap, parseDocument, type YAMLMap } from "yaml";

/** What a service comes to say at a path of keys, with what it takes from anchors (`<<: *base`); undefined for nothing. */
export type Says = (...path: string[]) => unknown;

export function sayingOf(text: string, service: string): Says {
  const services = servicesOf(text);
  return (...path) => [service, ...path].reduce(fieldOf, services);
}

/** What all services but one come to say: an anchor in that one may be theirs, too. */
export const othersOf = (text: string, service: string): [string, unknown][] =>
  fieldsOf(servicesOf(text)).filter(([name]) => name !== service);

const servicesOf = (text: string): unknown => fieldOf(parseDocument(text, { merge: true }).toJS(), "services");
const fieldsOf = (of: unknown): [string, unknown][] =>
  typeof of === "object" && of !== null ? Object.entries(of) : [];
const fieldOf = (of: unknown, key: string): unknown => fieldsOf(of).find(([name]) => name === key)?.[1];

/** Whether a list or map is not a service's own: one written there would take the place of all that the anchor gives. */
export function isBorrowed(map: YAMLMap, key: string, says: Says): boolean {
  const own = map.get(key, true);
  return isAlias(own) || (own === undefined && says(key) !== undefined);
}

/** Whether `deploy.resources.limits` can be written into a service, and nothing that an anchor gives is lost by it. */
export function limitsAreOwn(map: YAMLMap, says: Says): boolean {
  let at: unknown = map;
  return ["deploy", "resources", "limits"].every((key, depth, path) => {
    if (!isMap(at)) return true;
    at = at.get(key, true);
    return isMap(at) || (at === undefined && says(...path.slice(0, depth + 1)) === undefined);
  });
}
