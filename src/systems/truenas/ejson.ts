import type { Json } from "../../shared/json.ts";

/**
 * TrueNAS writes what JSON has no word for as objects with a "$" key (middlewared utils: {"$date": ms},
 * {"$time": "HH:MM:SS"}, {"$set": […]}, {"$type": "date", "$value": "YYYY-MM-DD"}, {"$ipv4_interface": "…"}).
 * Here a date becomes ms since 1970, a set a list, the others their text. An object that only looks like one stays.
 */
export function fromEjson(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(fromEjson);
  const entries = Object.entries(value);
  const [first, second] = entries;
  if (first !== undefined && entries.length === 1) {
    const plain = single(first[0], first[1]);
    if (plain !== undefined) return plain;
  }
  if (second !== undefined && entries.length === 2 && value.$type === "date" && typeof value.$value === "string")
    return value.$value;
  return Object.fromEntries(entries.map(([key, inner]) => [key, fromEjson(inner)]));
}

function single(key: string, value: Json): Json | undefined {
  if (key === "$date" && typeof value === "number") return value;
  if (key === "$set" && isList(value)) return value.map(fromEjson);
  const words = ["$time", "$ipv4_interface", "$ipv6_interface"];
  return words.includes(key) && typeof value === "string" ? value : undefined;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
