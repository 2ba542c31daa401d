import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { commands } from "../../src/cli/commands.ts";
import { configSchema } from "../../src/config/schema.ts";

const repository = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, repository), "utf8");
const pages = ["README.md", ...globSync("{docs,lab}/**/*.md", { cwd: fileURLToPath(repository) })];

/** As GitHub makes an anchor of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
const anchors = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));

test.each(pages)("every link in %s leads somewhere", (page) => {
  const text = read(page).replace(/```[\s\S]*?```/g, "");
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^https?:/.test(link)) return [];
    const [path = "", fragment] = link.split("#");
    const target = path === "" ? new URL(page, repository) : new URL(path, new URL(page, repository));
    if (!existsSync(target)) return [link];
    return fragment === undefined || anchors(readFileSync(target, "utf8")).includes(fragment) ? [] : [link];
  });
  expect(broken).toEqual([]);
});

describe("what the pages tell a person to type exists", () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));

  test.each(pages)("npm scripts in %s", (page) => {
    const named = [...read(page).matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)].map(
      ([, script = ""]) => script,
    );
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test.each(pages)("commands in %s", (page) => {
    const typed = /(?:`|npx )home-steward ((?:[a-z]+(?:-[a-z]+)* ?){1,2})/g;
    const named = [...read(page).matchAll(typed)].map(([, words = ""]) => words.trim());
    const known = (words: string) => commands.some(({ name }) => words === name || words.startsWith(`${name} `));
    expect(named.filter((words) => !known(words))).toEqual([]);
  });
});

test("the index names every decision, once, by its title", () => {
  const decisions = globSync("docs/decisions/0*.md", { cwd: fileURLToPath(repository) }).toSorted();
  const listed = [...read("docs/decisions/README.md").matchAll(/^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$/gm)];
  expect(listed.map(([, number, file, title]) => [`docs/decisions/${file}`, `# ${number} · ${title}`])).toEqual(
    decisions.map((path) => [path, read(path).split("\n", 1)[0]]),
  );
});

test("the README's configuration is one that is accepted", () => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
  const config = configSchema.safeParse(parse(yaml.replace("SHA256:…", `SHA256:${"A".repeat(43)}`)));
  expect(config.error).toBeUndefined();
  expect(config.data?.hosts.map(({ name }) => name)).toEqual(["nas"]);
});
