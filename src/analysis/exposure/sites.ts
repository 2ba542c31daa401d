import { cleanLine } from "../../shared/text.ts";
import { fits } from "../bandwidth/alerts.ts";
import { nameOf } from "../updates/dependants.ts";
import type { AcceptedPort } from "./audit.ts";
import type { Fronts } from "./fronts.ts";
import type { Login } from "./proxies/route.ts";

/** What visitors reach through a proxy, and who asks them. */
export interface Site {
  proxy: string;
  /** Its names; "any name" where the proxy takes all, or where they can't be told. */
  site: string;
  leads_to: string;
  login: "asked" | "partly" | "unsure" | "not_seen";
  by: string | null;
  /** Parts of it that nobody is asked for, where others are. */
  open_parts: string[];
  from: string;
  severity: "warning" | "info";
}

/** How far a login covers several ways to one thing. */
export function loginOver(logins: readonly (Login | null)[]): Pick<Site, "login" | "by"> {
  const by = logins.find((login) => login !== null)?.by ?? null;
  if (by === null) return { login: "not_seen", by };
  if (logins.includes(null)) return { login: "partly", by };
  return { login: logins.every((login) => login?.sure) ? "asked" : "unsure", by };
}

/** Everything that proxies lead to, those that ask nobody first. Logins themselves are no site of their own. */
export function sitesOf({ ways, logins }: Fronts, accepted: readonly AcceptedPort[]): Site[] {
  const groups = new Map<string, Fronts["ways"][number][]>();
  for (const way of ways) {
    if (way.to !== null && logins.includes(way.to)) continue;
    const { names, to } = way.route;
    const key = [way.via.Id, ...names, to.host, to.port].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  const sites = [...groups.values()].flatMap((group): Site[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { via, to, route } = first;
    const over = loginOver(group.map((way) => way.route.login));
    const open = group.filter((way) => way.route.login === null).map((way) => way.route.path ?? "/");
    const lived = to !== null && accepted.some(({ name }) => name !== "*" && fits(name, nameOf(to)));
    const address = `${route.to.host}${route.to.port === null ? "" : `:${route.to.port}`}`;
    return [
      {
        proxy: nameOf(via),
        site: (route.names.slice(0, 5).join(", ") || "any name") + partOf(group),
        leads_to: to === null ? address : nameOf(to),
        ...over,
        open_parts: over.login === "partly" ? [...new Set(open)].slice(0, 5) : [],
        from:
          route.from === "labels"
            ? `labels of ${to === null ? "a container" : nameOf(to)}`
            : cleanLine(route.from, 200),
        severity: over.login === "not_seen" && !lived ? "warning" : "info",
      },
    ];
  });
  const order = { not_seen: 0, unsure: 1, partly: 2, asked: 3 };
  return sites.toSorted((a, b) => order[a.login] - order[b.login] || (a.site < b.site ? -1 : 1));
}

/** "/api" where all of it is for that part alone. */
function partOf([first, ...others]: Fronts["ways"]): string {
  const path = first?.route.path ?? null;
  if (path === null || others.some((way) => way.route.path !== path)) return "";
  return path.startsWith("/") ? path : ` (${path})`;
}
