import { environmentForm, type Field, fields } from "../../src/config/fields.ts";
import { configFile, stateFolder } from "../../src/config/folders.ts";
import { code, row } from "./markdown.ts";

/** docs/config.md: every key with what belongs there, its default and its environment form, from the schema itself. */
export function configPage(): string {
  // An element of a list of words has no key of its own.
  const keys = fields.filter((field) => field.path.at(-1) !== "#");
  const parts = keys.filter((field) => field.path.length === 1);
  const isPlain = (part: Field) => part.kind !== "section" && part.kind !== "sections";
  return [
    "# Configuration",
    "",
    "One YAML file, and for each key an environment variable, which counts more than the file. An unknown key or a wrong value is refused:",
    "the message names the key, the line and what was expected, all of them at once. `home-steward config check` only checks.",
    "",
    "The file is the one that `--config` names, else `HOME_STEWARD_CONFIG`, else where the platform keeps such files:",
    "",
    ...places((place) => configFile(place)),
    "",
    "The state (database, keys, the daemon's token) lies in a folder that only you can read; `HOME_STEWARD_HOME` moves it:",
    "",
    ...places((place) => stateFolder(place)),
    "",
    "[config.example.yaml](../config.example.yaml) shows a whole configuration.",
    "",
    "A **secret** is written as text, as `{ env: NAME }` (taken from that variable) or as `{ file: PATH }` (the content of a file that nobody",
    "else may read). Its environment form also exists with `_FILE` at the end. In a variable a list of words is written with commas; `0` stands for a",
    "position in a list: the second host's name is `HOME_STEWARD_HOSTS_1_NAME`.",
    "",
    "Where a key takes one of several forms (`hosts[].docker`), *required* means: in the form that has this key.",
    ...table("General", "", parts.filter(isPlain)),
    ...parts
      .filter((part) => !isPlain(part))
      .flatMap((part) => {
        const inside = keys.filter((field) => field.path[0] === part.path[0]);
        return table(written(part), part.description, part.kind === "section" ? inside.slice(1) : inside);
      }),
    "",
  ].join("\n");
}

const table = (title: string, description: string, lines: readonly Field[]) => [
  "",
  `## ${title}`,
  "",
  ...(description === "" ? [] : [description, ""]),
  row("Key", "What belongs there", "Default", "What it is for", "Environment"),
  row("---", "---", "---", "---", "---"),
  ...lines.map(line),
];

function line(field: Field): string {
  const isSection = field.kind === "section" || field.kind === "sections";
  const without = field.required ? "required" : "–";
  const variable = environmentForm(field.path.map((part) => (part === "#" ? 0 : part)));
  return row(
    code(written(field)),
    field.expects,
    field.default === undefined ? without : code(field.default),
    field.description,
    isSection ? "" : code(variable),
  );
}

/** "hosts[].ssh.port" */
const written = (field: Field) => field.path.join(".").replaceAll(".#", "[]");

function places(of: (place: Parameters<typeof configFile>[0]) => string): string[] {
  return [
    `- Linux: ${code(of({ env: {}, platform: "linux", home: "~" }))}`,
    `- macOS: ${code(of({ env: {}, platform: "darwin", home: "~" }))}`,
    `- Windows: ${code(of({ env: { APPDATA: "%APPDATA%", LOCALAPPDATA: "%LOCALAPPDATA%" }, platform: "win32", home: "~" }))}`,
  ];
}
