import {
  type Login,
  loginNamed,
  mostServers,
  type ProxyReading,
  password,
  pathOf,
  portOf,
  type Route,
  type SettingsFiles,
  siteNames,
  targetOf,
  tooLong,
} from "./route.ts";

interface Section {
  kind: string;
  name: string;
  lines: string[][];
  from: string;
}

/** Of one section; and the words of a line, and their letters, that are looked at. */
const mostLines = 1_000;
const [mostWords, longest] = [200, 300];

/** Reads HAProxy's sections: frontends with their conditions, backends with their servers, and logins on either. */
export function readHaproxy(files: SettingsFiles): ProxyReading {
  const all = [...files.texts].flatMap(([from, text]) => sectionsOf(text, from));
  const sections = all.filter(({ lines }) => lines.length <= mostLines);
  const backends = new Map(sections.filter(({ kind }) => kind === "backend").map((one) => [one.name, one]));
  const unseen = new Set<string>(sections.length < all.length ? [tooLong] : []);
  const routes = sections.flatMap((section): Route[] => {
    if (section.kind === "listen")
      return serversOf(section, { names: [], path: null, login: loginOf(section), section });
    if (section.kind !== "frontend") return [];
    return section.lines.flatMap(([word = "", name = "", ...condition]) => {
      if (word !== "use_backend" && word !== "default_backend") return [];
      const backend = backends.get(name);
      if (backend === undefined) {
        unseen.add(`Where ${section.from} leads to by a backend that is not in it.`);
        return [];
      }
      const common = { ...siteOf(condition, section), login: loginOf(section) ?? loginOf(backend), section };
      return serversOf(backend, common);
    });
  });
  return { routes, unseen: [...unseen] };
}

const kinds =
  /^(global|defaults|frontend|backend|listen|userlist|peers|resolvers|cache|program|ring|mailers|http-errors)$/;

function sectionsOf(text: string, from: string): Section[] {
  const sections: Section[] = [];
  for (const line of text.split("\n")) {
    const words = [...line.matchAll(/#.*|"([^"]*)"|'([^']*)'|([^\s#]+)/g)].flatMap(([, a, b, c]) => a ?? b ?? c ?? []);
    const [kind = "", name = ""] = words;
    if (kinds.test(kind)) sections.push({ kind, name, lines: [], from });
    else if (words.length > 0)
      sections.at(-1)?.lines.push(words.slice(0, mostWords).map((word) => word.slice(0, longest)));
  }
  return sections;
}

function serversOf(
  backend: Section,
  { section, ...common }: Pick<Route, "names" | "path" | "login"> & { section: Section },
): Route[] {
  const ports = section.lines.flatMap(([word, address = ""]) =>
    word === "bind" ? address.split(",").map(portOf) : [],
  );
  const own = { ...common, ports: [...new Set(ports.filter((port) => port !== null))], from: section.from };
  const servers = backend.lines.filter(([word]) => word === "server").slice(0, mostServers);
  return servers.flatMap(([, , address = ""]) => {
    const to = targetOf(address);
    return to === null ? [] : [{ ...own, to }];
  });
}

const hostSample = /hdr(_dom|_beg|_end)?\(host\)|req\.hdr\(host\)|ssl_fc_sni|req[._]ssl_sni/i;
const pathSample = /^path(_beg|_dir)?\b/;

/** Which names and which part of them a condition is for, through the frontend's access lists. */
function siteOf(condition: readonly string[], { lines }: Section): Pick<Route, "names" | "path"> {
  const inline = condition.join(" ").match(/\{[^{}]*\}/g) ?? [];
  const named = lines.filter(([word, name = ""]) => word === "acl" && condition.includes(name));
  const tests = [...inline.map((text) => text.slice(1, -1).trim().split(" ")), ...named.map((words) => words.slice(2))];
  const values = (sample: RegExp) =>
    tests
      .filter(([what = ""]) => sample.test(what))
      .flatMap((words) => words.filter((word, at) => at > 0 && !word.startsWith("-") && words[at - 1] !== "-m"));
  return { names: siteNames(values(hostSample)), path: pathOf(values(pathSample)[0]) };
}

/** Sure only where it is asked of everything: with no condition, or with none but the login itself. */
function loginOf({ lines }: Section): Login | null {
  // There nothing asks, whatever is written.
  if (lines.some(([word, mode]) => word === "mode" && mode === "tcp")) return null;
  let ofAll = true;
  for (const words of lines) {
    const [word, action = "", ...rest] = words;
    if (word !== "http-request") continue;
    // Who is let in before is asked for nothing.
    if (action === "allow") ofAll = false;
    if (action === "auth") {
      const at = rest.findIndex((one) => one === "if" || one === "unless");
      const always = at < 0 || isLoginAlone(rest.slice(at + 1), rest[at] === "if", lines);
      return { by: password, sure: ofAll && always };
    }
    if (/^lua\.auth-(request|intercept)$/.test(action)) {
      const sure = ofAll && (lines.some(enforces) || endsByItself(action, rest));
      return { by: loginNamed(rest.join(" "), "auth-request"), sure };
    }
  }
  return null;
}

/** "unless { http_auth(users) }", "if !known" with "acl known http_auth(users)". */
function isLoginAlone(condition: readonly string[], negated: boolean, lines: readonly string[][]): boolean {
  const text = condition.join(" ").replace(/^!\s*/, "");
  if (negated !== condition.join(" ").startsWith("!")) return false;
  if (/^\{ http_auth(_group)?\([^)]*\)[^{}]*\}$/.test(text)) return true;
  const tests = lines.filter(([word, name]) => word === "acl" && name === text);
  return tests.length > 0 && tests.every(([, , what = ""]) => what.startsWith("http_auth"));
}

/** haproxy-auth-request: auth-intercept ends what was refused where it is told which headers to answer with ("-" for none). */
const endsByItself = (action: string, [, , , , , failure = "-", ...condition]: readonly string[]): boolean =>
  action === "lua.auth-intercept" && failure !== "-" && condition.length === 0;

/** Somebody looks at its answer, whatever was asked for. */
const enforces = (line: readonly string[]): boolean =>
  /^http-request (deny|redirect|return)\b.* (if !\s?|unless )\{ var\(txn\.auth_response_successful\) -m bool \}$/.test(
    line.join(" "),
  );
