import { within } from "../../permissions/paths.ts";
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
  type Target,
  targetOf,
} from "./route.ts";
import { at, branchesOf, dottedOf, listOf, textOf, textsOf, type Value, yamlOf } from "./values.ts";

/** A container that asks for routes by its labels. */
interface Labelled {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** Where settings of one kind come from: a file, or one container's labels (then that container is what they lead to). */
interface Source {
  from: string;
  value: Value;
  owner: string | null;
}

interface EntryPoint {
  name: string;
  port: number | null;
  middlewares: string[];
}

/** Reads Traefik (2 and 3): its first file and arguments, the files its file provider watches, and labels. */
export function readTraefik(
  files: SettingsFiles,
  args: readonly string[],
  containers: readonly Labelled[],
): ProxyReading {
  const unseen: string[] = [];
  const fixed = dottedOf(
    args.flatMap((arg) => [...arg.matchAll(/^--([^=]+)=?(.*)$/gs)].map(([, k, v]) => [k ?? "", v ?? ""] as const)),
  );
  const main =
    textOf(at(fixed, "configfile")) ||
    ["/etc/traefik/traefik.yml", "/etc/traefik/traefik.yaml"].find((path) => files.texts.has(path)) ||
    "";
  const first = [fixed, yamlOf(files.texts.get(main) ?? "")];
  const provider = (what: string) => first.map((value) => textOf(at(value, "providers", "file", what))).find(Boolean);
  const [folder, file] = [provider("directory"), provider("filename")];
  const isWatched = (path: string) => path === file || (folder !== undefined && within(path, folder));
  if ([folder, file].some((path) => path !== undefined && !files.covered.some((one) => within(path, one))))
    unseen.push("The file or folder that its file provider watches.");
  const sources: Source[] = containers.map(({ name, labels }) => ({
    from: "labels",
    value: at(dottedOf(Object.entries(labels)), "traefik"),
    owner: name,
  }));
  for (const [path, text] of files.texts) {
    // Whether it is the first file or one that is watched.
    if (path.endsWith(".toml")) unseen.push(`What ${path} says: TOML is not read here.`);
    if (path === main || path.endsWith(".toml") || !isWatched(path)) continue;
    const value = yamlOf(text);
    if (value === null) unseen.push(`What ${path} says: it is no plain YAML.`);
    else sources.push({ from: path, value, owner: null });
  }
  const entryPoints = first.flatMap((value) =>
    branchesOf(at(value, "entrypoints"))
      .slice(0, mostEntryPoints)
      .map(([name, entry]) => entryOf(name, entry)),
  );
  return { routes: sources.flatMap((source) => routesOf(source, sources, entryPoints)), unseen };
}

const mostEntryPoints = 50;
const entryOf = (name: string, entry: Value): EntryPoint => ({
  name,
  port: portOf(textOf(at(entry, "address"))),
  middlewares: textsOf(at(entry, "http", "middlewares")),
});

/** Without its provider: "authentik@docker" is authentik. */
const bare = (name: string) => name.toLowerCase().replace(/@.*$/, "");

function routesOf(
  { from, value, owner }: Source,
  sources: readonly Source[],
  entryPoints: readonly EntryPoint[],
): Route[] {
  if (textOf(at(value, "enable")) === "false") return [];
  return ["http", "tcp"].flatMap((kind) =>
    branchesOf(at(value, kind, "routers")).flatMap(([, router]) => {
      const rule = textOf(at(router, "rule"));
      if (rule === "") return [];
      const asked = textsOf(at(router, "entrypoints")).map(bare);
      const doors = entryPoints.filter(({ name }) => (asked.length > 0 ? asked.includes(name) : name !== "traefik"));
      const login = kind === "tcp" ? null : askedOf(router, doors, sources);
      const ports = [...new Set(doors.flatMap(({ port }) => port ?? []))];
      const common = { names: namesIn(rule), ports, path: partIn(rule), login, from };
      const service = textOf(at(router, "service"));
      const targets =
        owner !== null && !/@(?!docker)/.test(service)
          ? ofLabels(owner, service, value, kind)
          : ofService(service, sources, kind);
      return targets.map((to) => ({ ...common, to }));
    }),
  );
}

/** Nobody is asked of bare TCP: middlewares that ask are HTTP's, those of the entry point as well. */
function askedOf(router: Value, doors: readonly EntryPoint[], sources: readonly Source[]): Login | null {
  const own = loginOf(textsOf(at(router, "middlewares")), sources);
  if (own !== null || doors.length === 0) return own;
  return weakest(doors.map(({ middlewares }) => loginOf(middlewares, sources)));
}

/** What is asked at every one of several doors: where one asks nothing, nothing is. */
const weakest = (logins: readonly (Login | null)[]): Login | null =>
  logins.some((login) => login === null) ? null : (logins.find((login) => login?.sure === false) ?? logins[0] ?? null);

function ofLabels(owner: string, service: string, value: Value, kind: string): Target[] {
  const services = branchesOf(at(value, kind, "services"));
  const [, own = ""] = services.find(([name]) => name === bare(service)) ?? services[0] ?? [];
  return [{ host: owner.toLowerCase(), port: portOf(textOf(at(own, "loadbalancer", "server", "port"))) }];
}

const ofService = (name: string, sources: readonly Source[], kind: string): Target[] =>
  sources
    .filter(({ owner }) => owner === null)
    .flatMap(({ value }) => listOf(at(value, kind, "services", bare(name), "loadbalancer", "servers")))
    .slice(0, mostServers)
    .flatMap((server) => targetOf(textOf(at(server, "url")) || textOf(at(server, "address"))) ?? []);

/** More middlewares than a router has, all chains followed. */
const mostMiddlewares = 50;

/** `seen`: chains may name each other, and one many times. */
function loginOf(names: readonly string[], sources: readonly Source[], seen = new Set<string>()): Login | null {
  const logins = names.flatMap((name) => {
    if (seen.has(bare(name)) || seen.size >= mostMiddlewares) return [];
    seen.add(bare(name));
    const known = sources
      .map(({ value }) => at(value, "http", "middlewares", bare(name)))
      .find((one) => branchesOf(one).length > 0);
    return middlewareLogin(bare(name), known ?? "", sources, seen) ?? [];
  });
  return logins.find(({ sure }) => sure) ?? logins[0] ?? null;
}

function middlewareLogin(name: string, middleware: Value, sources: readonly Source[], seen: Set<string>): Login | null {
  const kinds = branchesOf(middleware).map(([kind]) => kind);
  if (kinds.includes("forwardauth"))
    return {
      by: loginNamed(`${name} ${textOf(at(middleware, "forwardauth", "address"))}`, "forward auth"),
      sure: true,
    };
  if (kinds.some((kind) => kind === "basicauth" || kind === "digestauth")) return { by: password, sure: true };
  if (kinds.includes("chain")) return loginOf(textsOf(at(middleware, "chain", "middlewares")), sources, seen);
  // Not read, or a plugin: its name is all there is to go by.
  const by = kinds.length === 0 || kinds.includes("plugin") ? loginNamed(name, /auth/.test(name) ? "a login" : "") : "";
  return by === "" ? null : { by, sure: false };
}

const quotedIn = (rule: string, matcher: RegExp): string[] =>
  [...rule.matchAll(matcher)].flatMap(([, inside = ""]) =>
    [...inside.matchAll(/[`"']([^`"']*)[`"']/g)].map(([, text]) => text ?? ""),
  );

const namesIn = (rule: string) => siteNames(quotedIn(rule, /\bHost(?:SNI)?\(([^()]*)\)/gi));
const partIn = (rule: string) => pathOf(quotedIn(rule, /\bPath(?:Prefix|Regexp)?\(([^()]*)\)/gi)[0]);
