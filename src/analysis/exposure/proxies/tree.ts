import { fitsWildcard } from "../../../shared/wildcard.ts";
import { within } from "../../permissions/paths.ts";
import type { SettingsFiles } from "./route.ts";

/** One directive of a file of blocks in braces, as nginx and Caddy have them, and the file it stands in. */
export interface Directive {
  words: readonly string[];
  block: readonly Directive[] | null;
  from: string;
}

/** Deeper than anybody nests blocks; what lies deeper is left out. */
const maxDepth = 30;
/** More words than the directives of a house's proxy have, all includes and imports put in their places. */
const maxWords = 100_000;
/** Of one directive, and the letters of each: what is asked of them is shorter. */
const [most, longest] = [200, 300];

/** Builds the tree while a tokenizer tells what it meets. Never throws: a brace too many or too few ends what it ends. */
export function growTree(from: string) {
  const root: Directive[] = [];
  const open: Directive[][] = [root];
  let words: string[] = [];
  const push = (block: Directive[] | null) => {
    if (open.length <= maxDepth && (words.length > 0 || block !== null)) open.at(-1)?.push({ words, block, from });
    words = [];
  };
  return {
    root,
    word(text: string) {
      if (words.length < most) words.push(text.slice(0, longest));
    },
    lastWord: () => words.at(-1),
    end: () => push(null),
    enter() {
      const block: Directive[] = [];
      push(block);
      open.push(block);
    },
    leave() {
      push(null);
      if (open.length > 1) open.pop();
    },
  };
}

/** The tree with every include in its place. `whole` is false where there was more than is looked at. */
export function expandTree(
  nodes: readonly Directive[],
  /** What a directive stands for; null for itself. */
  meaning: (node: Directive) => readonly Directive[] | null,
): { nodes: Directive[]; whole: boolean } {
  let left = maxWords;
  const expand = (some: readonly Directive[], depth: number): Directive[] =>
    some.flatMap((node) => {
      left -= depth > maxDepth ? maxWords : 1 + node.words.length;
      if (left < 0) return [];
      const others = meaning(node);
      if (others !== null) return expand(others, depth + 1);
      return [node.block === null ? node : { ...node, block: expand(node.block, depth + 1) }];
    });
  return { nodes: expand(nodes, 0), whole: left >= 0 };
}

/** Each file's tree, made once however often it is included. */
export function treesOf(
  { texts }: SettingsFiles,
  parse: (text: string, from: string) => Directive[],
): (path: string) => Directive[] {
  const known = new Map<string, Directive[]>();
  return (path) => {
    const tree = known.get(path) ?? parse(texts.get(path) ?? "", path);
    known.set(path, tree);
    return tree;
  };
}

/** Only such files are asked for (src/systems/files/port.ts). */
const isSettingsFile = /(\.(conf|cfg|ya?ml|toml|caddy)|\/Caddyfile)$/;

/** Paths of the files that an include names, in order; null where it names such as were never looked for. */
export function included(files: SettingsFiles, pattern: string, folder: string): string[] | null {
  const path = (pattern.startsWith("/") ? pattern : `${folder}/${pattern}`).replaceAll(/\/(\.\/)+|\/{2,}/g, "/");
  // "[.]" is how some keep an include from failing where there is none.
  const plain = path.replaceAll(/\[(.)\]/g, "$1");
  const depth = plain.split("/").length;
  const found = [...files.texts.keys()].filter((one) => one.split("/").length === depth && fitsWildcard(plain, one));
  if (found.length > 0) return found.toSorted();
  if (/[$?[]|\/\.\.\//.test(plain) || !isSettingsFile.test(plain)) return null;
  const fixed = plain.slice(0, plain.search(/[*?[]|$/));
  return files.covered.some((one) => within(fixed, one)) ? [] : null;
}
