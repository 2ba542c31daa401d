import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const files = ["src", "test", "bench", "scripts"]
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: repository }))
  .map((file) => ({ file: file.replaceAll("\\", "/"), text: readFileSync(`${repository}${file}`, "utf8") }));

/** What a rule says of one file: the lines that break it. */
type Rule = (file: string, text: string) => number[];

/** Lines on which a syntax node stands that `breaks` objects to; comments and strings don't count. */
const nodes =
  (where: RegExp, breaks: (node: ts.Node) => boolean): Rule =>
  (file, text) => {
    if (!where.test(file)) return [];
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const lines: number[] = [];
    const visit = (node: ts.Node) => {
      if (breaks(node)) lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return lines;
  };

const everywhere = /./;
const isConst = (type: ts.TypeNode) => ts.isTypeReferenceNode(type) && type.typeName.getText() === "const";
const calls = (node: ts.Node, what: RegExp) =>
  (ts.isPropertyAccessExpression(node) || ts.isIdentifier(node) || ts.isNewExpression(node)) &&
  what.test(node.getText());

/** Each rule with a line that breaks it and one that looks like it but doesn't. */
const rules: Record<string, { rule: Rule; file: string; breaks: string; keeps: string }> = {
  "at most 300 lines": {
    rule: (_, text) => (text.split("\n").length > 301 ? [301] : []),
    file: "src/a.ts",
    breaks: "\n".repeat(301),
    keeps: "\n".repeat(300),
  },
  "no type assertion but `as const`": {
    rule: nodes(
      /^src\//,
      (node) => (ts.isAsExpression(node) && !isConst(node.type)) || ts.isTypeAssertionExpression(node),
    ),
    file: "src/a.ts",
    breaks: "const a = b as unknown as string;",
    keeps: 'import { b as c } from "./b.ts"; const a = [1] as const; // as string',
  },
  "no `any`": {
    rule: nodes(everywhere, (node) => node.kind === ts.SyntaxKind.AnyKeyword),
    file: "test/a.ts",
    breaks: "const a: any = 1;",
    keeps: 'const any = "any";',
  },
  "no silenced compiler": {
    rule: (_, text) =>
      text.split("\n").flatMap((line, n) => (/@ts-(ignore|nocheck|expect-error)/.test(line) ? [n + 1] : [])),
    file: "src/a.ts",
    breaks: `// @ts-${"ignore"}`,
    keeps: "// ts-ignore",
  },
  // stdout is the protocol: a stray line breaks the session.
  "no console, no stdout outside the command line": {
    rule: nodes(
      /^src\/(?!cli\/|main\.ts)/,
      (node) => ts.isPropertyAccessExpression(node) && /^(console\.\w+|process\.stdout)$/.test(node.getText()),
    ),
    file: "src/tools/a.ts",
    breaks: 'console.error("x");',
    keeps: 'const line = "console.error";',
  },
  "analyses know no clock, no chance, no environment and no network": {
    rule: nodes(/^src\/analysis\//, (node) =>
      calls(
        node,
        /^(Date\.now|new Date\(\)|performance\.now|Math\.random|process\.\w+|fetch|setTimeout|setInterval|randomUUID|randomBytes|randomInt)$/,
      ),
    ),
    file: "src/analysis/a.ts",
    breaks: "const a = new Date();",
    keeps: "const a = new Date(at_ms); // Date.now",
  },
  // A computed specifier is invisible to the import rules. The store loads its native part late, and nothing else with it.
  "imports name their module": {
    rule: nodes(
      /^src\/(?!store\/database\.ts$)/,
      (node) =>
        ts.isCallExpression(node) &&
        (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
          /^(require|createRequire|process\.getBuiltinModule)$/.test(node.expression.getText())) &&
        !(node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments.every(ts.isStringLiteral)),
    ),
    file: "src/a.ts",
    breaks: "await import(name);",
    keeps: 'await import("ssh2");',
  },
  "kebab-case file names": {
    rule: (file) => (/(^|\/)[a-z0-9]+([-.][a-z0-9]+)*\.(ts|mjs)$/.test(file) ? [] : [1]),
    file: "src/aB.ts",
    breaks: "",
    keeps: "",
  },
};

describe.each(Object.entries(rules))("%s", (_, { rule, file, breaks, keeps }) => {
  test("a planted breach goes red", () => {
    expect(rule(file, breaks)).not.toEqual([]);
    // Lower case mends the one file name that is itself the breach.
    expect(rule(file.toLowerCase(), keeps)).toEqual([]);
  });

  test("the tree keeps to it", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap(({ file, text }) => rule(file, text).map((line) => `${file}:${line}`))).toEqual([]);
  });
});
