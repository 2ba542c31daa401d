import {
  inFiles,
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
import { type Directive, expandTree, growTree, included, treesOf } from "./tree.ts";

const token = /[\s;]+|#[^\n]*|([{}])|"([^"\\]*(?:\\.[^"\\]*)*)"|'([^'\\]*(?:\\.[^'\\]*)*)'|((?:\$\{\w*\}|[^\s;{}])+)/gs;

/** A file of nginx as a tree of its directives (nginx.org, "Beginner's guide"). */
function treeOf(text: string, from: string): Directive[] {
  const tree = growTree(from);
  for (const [all, brace, double, single, plain] of text.matchAll(token)) {
    const word = double ?? single ?? plain;
    if (word !== undefined) tree.word(word);
    else if (brace === "{") tree.enter();
    else if (brace === "}") tree.leave();
    else if (all.includes(";")) tree.end();
  }
  tree.end();
  return tree.root;
}

/** Where nginx begins by itself, SWAG and linuxserver's nginx, Nginx Proxy Manager. */
const mains = ["/config/nginx/nginx.conf", "/etc/nginx/nginx.conf", "/usr/local/openresty/nginx/conf/nginx.conf"];
/** What the files of the image begin with, where those are not mounted over. */
const parts = ["/etc/nginx/conf.d/*.conf", "/config/nginx/site-confs/*.conf", "/data/nginx/*/*.conf"];
/** Nginx Proxy Manager's image brings it: every host of its own includes it. */
const shipped = new Map([
  ["/etc/nginx/conf.d/include/proxy.conf", "proxy_pass $forward_scheme://$server:$port$request_uri;"],
]);
/** Of the images; none of them asks for a login, or leads anywhere. */
const harmless = /(^|\/)(mime\.types|(fastcgi|uwsgi|scgi)[._-]\w+|modules\S*|conf\.d\/include\/[\w-]+\.conf)$/;

/** What nginx's settings say, includes put in their places: also SWAG's and Nginx Proxy Manager's. */
export function readNginx(files: SettingsFiles): ProxyReading {
  const elsewhere = new Set<string>();
  const main = mains.find((path) => files.texts.has(path));
  const begin = main === undefined ? parts.flatMap((part) => included(files, part, "/") ?? []) : [main];
  const folder = main?.replace(/\/[^/]+$/, "") ?? "/etc/nginx";
  const fileTree = treesOf(files, treeOf);
  const { nodes, whole } = expandTree(begin.flatMap(fileTree), ({ words: [name, pattern = ""], from }) => {
    if (name !== "include") return null;
    const found = included(files, pattern, folder);
    if (found !== null) return found.flatMap(fileTree);
    const known = shipped.get(`/etc/nginx/${pattern}`);
    if (known !== undefined) return treeOf(known, from);
    if (!harmless.test(pattern)) elsewhere.add(from);
    return [];
  });
  const found: Found = { upstreams: upstreamsOf(nodes), routes: [], lost: new Set() };
  walk(nodes, start, found);
  const unseen = [
    ...(whole ? [] : [tooLong]),
    ...inFiles("What is included from elsewhere", elsewhere),
    ...inFiles("Where a variable or a socket leads to", found.lost),
  ];
  return { routes: found.routes, unseen };
}

interface Scope {
  /** Of this block alone: it may be added to. */
  variables: Map<string, string>;
  /** auth_basic and auth_request, each handed on until something inside says otherwise. */
  basic: Login | null;
  request: Login | null;
  /** One of several is enough, and some addresses are allowed. */
  any: boolean;
  allows: "none" | "some" | "all";
  internal: boolean;
  names: string[];
  ports: number[];
  path: string | null;
  from: string | null;
}
const start: Scope = {
  variables: new Map(),
  basic: null,
  request: null,
  any: false,
  allows: "none",
  internal: false,
  names: [],
  ports: [],
  path: null,
  from: null,
};

interface Found {
  upstreams: ReadonlyMap<string, readonly string[]>;
  routes: Route[];
  /** Files that lead to what can't be told. */
  lost: Set<string>;
}

function walk(nodes: readonly Directive[], outer: Scope, found: Found): void {
  const sets = nodes.some(({ words: [name] }) => name === "set");
  const scope = nodes.reduce(entered, sets ? { ...outer, variables: new Map(outer.variables) } : outer);
  for (const { words, block, from } of nodes) {
    const [name = "", ...args] = words;
    if (/^(proxy|grpc)_pass$/.test(name)) addRoutes(args[0] ?? "", { ...scope, from: scope.from ?? from }, found);
    if (block === null || name === "upstream") continue;
    const path = name === "location" ? pathOf(args.length > 1 ? (args[1] ?? "a part") : args[0]) : scope.path;
    const inner = { ...scope, path, ...(name === "server" && { from, names: [], ports: [] }) };
    walk(block, inner, found);
  }
}

/** More variables, names or ports than a block has. */
const most = 200;

/** What one directive changes for its whole block. */
function entered(scope: Scope, { words: [name, value = "", ...more], block }: Directive): Scope {
  if (block !== null) return scope;
  switch (name) {
    case "set":
      if (scope.variables.size < most) scope.variables.set(value, filled(more[0] ?? "", scope.variables));
      return scope;
    case "auth_basic":
      // A variable may say "off".
      return { ...scope, basic: value === "off" ? null : { by: password, sure: !value.includes("$") } };
    case "auth_request":
      // Anubis tells machines from people, and asks nobody who they are.
      return {
        ...scope,
        request: /^off$|anubis/.test(value) ? null : { by: loginNamed(value, "auth_request"), sure: true },
      };
    case "satisfy":
      return { ...scope, any: value === "any" };
    case "allow":
      return { ...scope, allows: value === "all" ? "all" : scope.allows === "all" ? "all" : "some" };
    case "internal":
      return { ...scope, internal: true };
    case "server_name":
      return { ...scope, names: [...scope.names, ...siteNames([value, ...more])].slice(0, most) };
    case "listen": {
      const port = portOf(value);
      return port === null ? scope : { ...scope, ports: [...new Set([...scope.ports, port])].slice(0, most) };
    }
    default:
      return scope;
  }
}

const filled = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\$\{?(\w+)\}?/g, (whole, name: string) => variables.get(`$${name}`) ?? whole).slice(0, 300);

function addRoutes(text: string, scope: Scope, { upstreams, routes, lost }: Found): void {
  // Asked by nginx itself, never by a visitor.
  if (scope.internal) return;
  const { names, path, from } = scope;
  const target = targetOf(filled(text, scope.variables));
  if (target === null || from === null) {
    if (from !== null) lost.add(from);
    return;
  }
  const ports = scope.ports.length > 0 ? scope.ports : [80];
  const servers = upstreams.get(target.host)?.slice(0, mostServers).map(targetOf) ?? [target];
  for (const to of servers) if (to !== null) routes.push({ names, ports, path, to, login: loginOf(scope), from });
}

function loginOf({ basic, request, any, allows }: Scope): Login | null {
  const login = request ?? basic;
  if (login === null || !any || allows === "none") return login;
  return allows === "all" ? null : { ...login, by: `${login.by} (not from allowed addresses)` };
}

function upstreamsOf(nodes: readonly Directive[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const look = (some: readonly Directive[]): void => {
    for (const { words, block } of some) {
      const [kind, name] = words;
      if (block === null) continue;
      if (kind === "upstream" && name !== undefined)
        found.set(
          name.toLowerCase(),
          block.flatMap(({ words: [what, address] }) => (what === "server" && address !== undefined ? [address] : [])),
        );
      else look(block);
    }
  };
  look(nodes);
  return found;
}
