import { isDeepStrictEqual } from "node:util";
import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";
import { StewardError } from "../../shared/errors.ts";
import { isBorrowed, limitsAreOwn, othersOf, type Says, sayingOf } from "./borrowed.ts";
import { editedLike, lineEdits, unifiedDiff } from "./line-diff.ts";
import { assertMoved } from "./moved-secrets.ts";

/** What a service of a compose file should say; what is left out stays as it is. */
export interface ServiceEdit {
  limits?: { cpus?: number; memory_bytes?: number };
  /** "1001:1001" */
  user?: string;
  read_only?: boolean;
  /** Folders in memory, added to those there are. */
  tmpfs?: readonly string[];
  cap_drop?: readonly string[];
  /** Added to those there are: "no-new-privileges:true". */
  security_opt?: readonly string[];
  /** Variables that are not secret: PUID, PGID. */
  environment?: Readonly<Record<string, string>>;
  secrets?: readonly ServiceSecret[];
}

/**
 * A variable whose value moves into a file of the host: the service gets it as /run/secrets/`name`, and is told so by the
 * variable `reads`: by its path, or as a URL where that is the variable itself. `file` as the compose file's folder sees it.
 */
export interface ServiceSecret {
  variable: string;
  reads: string;
  name: string;
  file: string;
}

export interface ComposeEdit {
  /** The whole new file. */
  text: string;
  /** What differs, as a unified diff with two lines around it: text from outside. "" where nothing does. */
  diff: string;
}

/**
 * Changes one service of a compose file and nothing else in it: comments, order and every other line stay as they are.
 *
 * @throws not_found (no such service), unsupported (no YAML that can be changed safely: broken, or a service that is only a
 *   reference to another one; a list, variables or limits that it shares with others by an anchor; limits of one that
 *   `extends` another; a secret that is not written in the service's own variables, or that others share)
 */
export function editCompose(text: string, service: string, edit: ServiceEdit): ComposeEdit {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text.split(newline);
  const document = parsed(text);
  const options = { lineWidth: 0, minContentWidth: 0, ...layoutOf(text) };
  const plain = document.toString(options).split("\n");
  apply(document, serviceIn(document, service), edit, sayingOf(text, service));
  if (edit.secrets !== undefined) assertMoved(parsed(text), document, service, edit.secrets);
  const changed = document.toString(options).split("\n");
  // Written anew, blanks and places of comments may differ all over the file: only the changes go into its owner's.
  const after = editedLike(before, plain, lineEdits(plain, changed));
  if (!isDeepStrictEqual(parsed(after.join("\n")).toJS(), document.toJS()))
    throw new StewardError("unsupported", "This compose file can't be changed safely.", "Change it by hand.");
  if (!isDeepStrictEqual(othersOf(after.join("\n"), service), othersOf(text, service)))
    throw new StewardError(
      "unsupported",
      "Other services of this compose file take from this one what would change.",
      "Write it out in each of them first.",
    );
  return { text: after.join(newline), diff: unifiedDiff(before, lineEdits(before, after)) };
}

function parsed(text: string): Document {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem === undefined && isMap(document.contents)) return document;
  throw new StewardError(
    "unsupported",
    "This compose file is not YAML that can be changed.",
    "Mend it by hand first.",
    {
      cause: problem,
    },
  );
}

/** How its author writes it, as far as a writer can be told. */
function layoutOf(text: string): { indent: number; indentSeq: boolean; flowCollectionPadding: boolean } {
  const first = /^( +)\S/m.exec(text)?.[1]?.length ?? 2;
  const list = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- /m.exec(text);
  return {
    indent: Math.min(8, Math.max(2, first)),
    indentSeq: list === null || (list[2]?.length ?? 0) > (list[1]?.length ?? 0),
    flowCollectionPadding: !/\[[^\s\]]/.test(text),
  };
}

function serviceIn(document: Document, service: string): YAMLMap {
  const found = document.getIn(["services", service], true);
  if (isMap(found)) return found;
  if (isAlias(found))
    throw new StewardError("unsupported", "This service is only a reference to another one.", "Change it by hand.");
  throw new StewardError("not_found", "This compose file has no such service.", "Look at the file.");
}

function apply(document: Document, map: YAMLMap, edit: ServiceEdit, says: Says): void {
  const { limits, user, read_only, tmpfs, cap_drop, security_opt, environment, secrets = [] } = edit;
  if (limits !== undefined) limit(document, map, limits, says);
  if (user !== undefined) map.set("user", quoted(document, user));
  if (read_only !== undefined) map.set("read_only", read_only);
  for (const folder of tmpfs ?? []) join(document, map, "tmpfs", folder, says);
  if (cap_drop !== undefined) map.set("cap_drop", document.createNode([...cap_drop]));
  for (const option of security_opt ?? []) join(document, map, "security_opt", option, says);
  for (const [name, value] of Object.entries(environment ?? {})) setVariable(document, map, name, value, says);
  for (const secret of secrets) moveSecret(document, map, secret, says);
}

function moveSecret(
  document: Document,
  map: YAMLMap,
  { variable, reads, name, file }: ServiceSecret,
  says: Says,
): void {
  removeVariable(map, variable);
  setVariable(document, map, reads, `${reads === variable ? "file://" : ""}/run/secrets/${name}`, says);
  join(document, map, "secrets", name, says);
  if (document.hasIn(["secrets", name]))
    throw new StewardError("unsupported", "This compose file has a secret of that name.", "Change it by hand.");
  document.setIn(["secrets", name], document.createNode({ file }));
}

/**
 * The way the file has it. Compose refuses a whole project where a service has both ways and they differ: one that says
 * nothing of processors differs from a `cpus` beside it, too.
 */
function limit(
  document: Document,
  map: YAMLMap,
  { cpus, memory_bytes }: NonNullable<ServiceEdit["limits"]>,
  says: Says,
): void {
  const own = limitsAreOwn(map, says);
  const long = says("deploy", "resources", "limits") !== undefined;
  if (says("extends") !== undefined || (long && !own)) throw elsewhere("limits");
  const short = !long && (!own || ["cpus", "mem_limit", "pids_limit"].some((key) => says(key) !== undefined));
  const put = (key: string, inDeploy: string, value: number | string) => {
    if (short || says(key) !== undefined) map.set(key, value);
    if (!short)
      map.setIn(["deploy", "resources", "limits", inDeploy], key === "cpus" ? quoted(document, String(value)) : value);
  };
  if (cpus !== undefined) put("cpus", "cpus", cpus);
  if (memory_bytes === undefined) return;
  put("mem_limit", "memory", sizeOf(memory_bytes));
  // Swap on top is the engine's default, and would be twice the limit.
  if (map.has("mem_limit") || says("memswap_limit") !== undefined) map.set("memswap_limit", sizeOf(memory_bytes));
}

const sizeOf = (bytes: number) => {
  const units = [
    [2 ** 30, "g"],
    [2 ** 20, "m"],
    [2 ** 10, "k"],
  ] as const;
  const [size, unit] = units.find(([one]) => bytes % one === 0) ?? [1, "b"];
  return `${bytes / size}${unit}`;
};

/** In quotes: a number with a colon or a point is something else in YAML. */
function quoted(document: Document, value: string) {
  const node = document.createNode(value);
  node.type = "QUOTE_DOUBLE";
  return node;
}

function join(document: Document, map: YAMLMap, key: string, item: string, says: Says): void {
  if (isBorrowed(map, key, says)) throw elsewhere(`lines of ${key}`);
  const list = map.get(key, true);
  const has = (one: unknown) => isScalar(one) && (one.value === item || String(one.value).startsWith(`${item}:`));
  if (isScalar(list) && list.value !== null)
    map.set(key, document.createNode(has(list) ? [list.value] : [list.value, item]));
  else if (!isSeq(list)) map.set(key, document.createNode([item]));
  else if (!list.items.some(has)) list.add(document.createNode(item));
}

const nameOf = (item: unknown): string => (isScalar(item) ? (String(item.value).split("=", 1)[0] ?? "") : "");

function setVariable(document: Document, map: YAMLMap, name: string, value: string, says: Says): void {
  if (isBorrowed(map, "environment", says)) throw elsewhere("variables");
  const environment = map.get("environment", true);
  if (isSeq(environment)) {
    const at = environment.items.findIndex((item) => nameOf(item) === name);
    if (at < 0) environment.add(document.createNode(`${name}=${value}`));
    else environment.set(at, `${name}=${value}`);
  } else if (isMap(environment)) environment.set(name, quoted(document, value));
  else map.set("environment", document.createNode({ [name]: value }));
}

function removeVariable(map: YAMLMap, name: string): void {
  const environment = map.get("environment", true);
  if (isMap(environment)) environment.delete(name);
  else if (isSeq(environment)) environment.items = environment.items.filter((item) => nameOf(item) !== name);
}

const elsewhere = (what: string) =>
  new StewardError(
    "unsupported",
    `The ${what} of this service stand elsewhere in its file.`,
    "Write them out in the service first.",
  );
