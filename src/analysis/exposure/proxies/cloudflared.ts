import { type Login, type ProxyReading, pathOf, type Route, type SettingsFiles, siteNames, targetOf } from "./route.ts";
import { at, branchesOf, listOf, textOf, type Value, yamlOf } from "./values.ts";

const elsewhere = "Where it leads: its routes are kept at Cloudflare.";

/** Reads a tunnel's own file. One that runs by a token has none: what it leads to is kept at Cloudflare. */
export function readCloudflared(files: SettingsFiles): ProxyReading {
  const found = [...files.texts].flatMap(([from, text]) => {
    const value = yamlOf(text);
    return listOf(at(value, "ingress")).length > 0 ? [{ from, value }] : [];
  });
  if (found.length === 0) return { routes: [], unseen: [elsewhere] };
  const routes = found.flatMap(({ from, value }) =>
    listOf(at(value, "ingress")).flatMap((rule): Route[] => {
      const to = targetOf(textOf(at(rule, "service")));
      if (to === null || to.host === "http_status" || to.host === "hello_world") return [];
      const names = siteNames([textOf(at(rule, "hostname"))]);
      return [
        {
          names,
          ports: [],
          path: pathOf(textOf(at(rule, "path")) || undefined),
          to,
          login: accessOf(branchesOf(at(rule, ...access)).length > 0 ? rule : value),
          from,
        },
      ];
    }),
  );
  const unasked = routes.some(({ login }) => login === null);
  return { routes, unseen: unasked ? ["Which of its names Cloudflare itself asks a login for."] : [] };
}

const access = ["originrequest", "access"];

/** Access checked by the tunnel itself, so that nothing gets past it. */
const accessOf = (value: Value | null): Login | null =>
  textOf(at(value, ...access, "required")) === "true" ? { by: "Cloudflare Access", sure: true } : null;
