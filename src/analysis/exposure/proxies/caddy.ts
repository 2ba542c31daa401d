import {
  inFiles,
  type Login,
  loginNamed,
  mostServers,
  type ProxyReading,
  password,
  pathOf,
  type Route,
  type SettingsFiles,
  siteNames,
  targetOf,
  tooLong,
} from "./route.ts";
import { type Directive, expandTree, growTree, included, treesOf } from "./tree.ts";

const token = /[^\S\n]+|\\\r?\n|(\n)|(?<!\S)#[^\n]*|"([^"\\]*(?:\\.[^"\\]*)*)"|`([^`]*)`|(\S+)/gs;

/** A Caddyfile as a tree of its directives (caddyserver.com, "Caddyfile concepts"). */
function treeOf(text: string, from: string): Directive[] {
  const tree = growTree(from);
  for (const [, newline, double, quoted, plain] of text.matchAll(token)) {
    const word = double ?? quoted;
    if (word !== undefined) tree.word(word);
    else if (plain === "{") tree.enter();
    else if (plain === "}") tree.leave();
    else if (plain !== undefined) tree.word(plain);
    // Addresses of one site may stand on lines of their own, with commas between.
    else if (newline !== undefined && !tree.lastWord()?.endsWith(",")) tree.end();
  }
  tree.end();
  return tree.root;
}

const main = "/etc/caddy/Caddyfile";
const isSnippet = ({ words, block }: Directive) => block !== null && /^\(.+\)$/.test(words[0] ?? "");

/** What a Caddyfile says, imports put in their places. */
export function readCaddy(files: SettingsFiles): ProxyReading {
  const elsewhere = new Set<string>();
  const lost = new Set<string>();
  if (!files.texts.has(main)) return { routes: [], unseen: ["Its Caddyfile: none was found among what was read."] };
  const fileTree = treesOf(files, treeOf);
  const everything = [...files.texts.keys()].flatMap(fileTree);
  const snippets = new Map(everything.filter(isSnippet).map(({ words, block }) => [words[0] ?? "", block ?? []]));
  const { nodes, whole } = expandTree(asSites(fileTree(main)), ({ words: [name, what = "", ...args], from }) => {
    if (name !== "import") return null;
    const snippet = snippets.get(`(${what})`);
    if (snippet !== undefined) return snippet.map((node) => given(node, args));
    const found = included(files, what, from.replace(/\/[^/]+$/, ""));
    if (found === null) elsewhere.add(from);
    return (found ?? []).flatMap(fileTree);
  });
  const routes: Route[] = [];
  for (const node of nodes)
    if (node.block !== null && node.words.length > 0 && !isSnippet(node)) site(node, routes, lost);
  const unseen = [
    ...(whole ? [] : [tooLong]),
    ...inFiles("What is imported from elsewhere", elsewhere),
    ...inFiles("Where a variable or a socket leads to", lost),
  ];
  return { routes, unseen };
}

/** A file with one site may leave out its braces. */
function asSites(nodes: readonly Directive[]): readonly Directive[] {
  const head = nodes.findIndex(({ words }) => words.length > 0);
  const address = nodes[head];
  if (address === undefined || address.block !== null || address.words[0] === "import") return nodes;
  return [...nodes.slice(0, head), { ...address, block: nodes.slice(head + 1) }];
}

/** A snippet's directive with the import's own words. */
const given = ({ words, block, from }: Directive, args: readonly string[]): Directive => ({
  words: words.map((word) =>
    word
      .replaceAll(/\{args(?:\[(\d)\]|\.(\d))\}/g, (whole, a?: string, b?: string) => args[Number(a ?? b)] ?? whole)
      .slice(0, 300),
  ),
  block: block?.map((node) => given(node, args)) ?? null,
  from,
});

function site({ words, block, from }: Directive, routes: Route[], lost: Set<string>): void {
  const addresses = words.flatMap((word) => word.split(",")).filter((word) => word !== "");
  const parts = addresses.map((one) => /^(?:(https?):\/\/)?([^:/]*)(?::(\d{1,5}))?(?:\/|$)/.exec(one));
  const ports = parts.flatMap((part) => {
    if (part === null) return [];
    const [, scheme, , port] = part;
    return port === undefined ? [scheme === "http" ? 80 : 443] : [Number(port)];
  });
  const names = siteNames(parts.flatMap((part) => part?.[2] ?? []));
  const own = { names, ports: [...new Set(ports)], from };
  walk(block ?? [], null, null, (text, path, login) => {
    const to = targetOf(text);
    if (to === null) lost.add(from);
    else routes.push({ ...own, path, to, login });
  });
}

type Add = (target: string, path: string | null, login: Login | null) => void;

/** A login comes before what leads on, wherever it stands; in a `route` everything comes as it stands. */
function walk(nodes: readonly Directive[], outer: Login | null, path: string | null, add: Add, inOrder = false): void {
  let login = inOrder ? outer : nodes.reduce((known, node) => loginBy(node) ?? known, outer);
  for (const node of nodes) {
    const { words, block } = node;
    const [name = "", ...args] = words;
    if (inOrder) login = loginBy(node) ?? login;
    const matcher = args[0] !== undefined && /^[@/*]/.test(args[0]) ? args[0] : undefined;
    const part = matcher === undefined ? path : matcher.startsWith("@") ? "a part" : pathOf(matcher);
    if (name === "reverse_proxy") {
      const more = (block ?? []).flatMap(({ words: [what, ...to] }) => (what === "to" ? to : []));
      const targets = [...args.slice(matcher === undefined ? 0 : 1), ...more];
      for (const target of targets.slice(0, mostServers)) add(target, part, login);
    }
    if (block !== null && /^(handle|handle_path|route)$/.test(name)) walk(block, login, part, add, name === "route");
  }
}

/** A login that only some requests are asked for does not count as sure. */
function loginBy({ words: [name, ...args], block }: Directive): Login | null {
  const sure = !/^[@/]/.test(args[0] ?? "");
  if (name === "basic_auth" || name === "basicauth") return { by: password, sure };
  if (name === "authorize") return { by: "authorize", sure: false };
  if (name !== "forward_auth") return null;
  const inside = (block ?? []).flatMap(({ words }) => words);
  return { by: loginNamed([...args, ...inside].join(" "), "forward_auth"), sure };
}
