import type { ProxyReading, Route, SettingsFiles } from "../../../../src/analysis/exposure/proxies/route.ts";

/** Files by their path; what is covered are the folders named, or the first one's. */
export const settings = (texts: Record<string, string>, ...covered: string[]): SettingsFiles => ({
  texts: new Map(Object.entries(texts)),
  covered: covered.length > 0 ? covered : [Object.keys(texts)[0]?.replace(/\/[^/]+$/, "") ?? "/"],
});

/** "sonarr.example.org:443/api -> sonarr:8989, authentik (default.conf)"; a "?" behind a login that is not sure. */
export const brief = ({ routes }: ProxyReading): string[] => routes.map(line);

const line = ({ names, ports, path, to, login, from }: Route) =>
  `${names.join(" ") || "any"}:${ports.join(" ")}${path === null ? "" : ` ${path}`} -> ${to.host}:${to.port}, ` +
  `${login === null ? "nobody asks" : `${login.by}${login.sure ? "" : "?"}`} (${from.split("/").at(-1)})`;
