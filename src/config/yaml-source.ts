import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { ConfigProblem } from "./problem.ts";

/** A configuration file as data, and where in it each key stands. */
export interface YamlSource {
  data: unknown;
  problems: ConfigProblem[];
  /** The line of a key, or of the nearest thing around it that the file has. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Reads YAML 1.2. Aliases are refused by depth (a "billion laughs" file), duplicate keys are errors. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    key: "",
    // The library's own message may quote the file, secrets included: only its code is passed on.
    message: error.code === "DUPLICATE_KEY" ? "this key stands here twice" : `not valid YAML (${error.code})`,
  }));
  const lineAt = (node: Node | null | undefined): number | undefined =>
    node?.range ? lines.linePos(node.range[0]).line : undefined;
  return {
    data: problems.length > 0 ? null : document.toJS({ maxAliasCount: 20 }),
    problems,
    lineOf(path) {
      let node: unknown = document.contents;
      let line = lineAt(document.contents) ?? 1;
      for (const part of path) {
        if (isMap(node)) {
          const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === part);
          if (!pair) return line;
          if (isScalar(pair.key)) line = lineAt(pair.key) ?? line;
          node = pair.value;
        } else if (isSeq(node) && typeof part === "number") {
          node = node.items[part];
          if (isMap(node) || isScalar(node)) line = lineAt(node) ?? line;
        } else return line;
      }
      return line;
    },
  };
}
