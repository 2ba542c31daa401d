import { StewardError } from "../../shared/errors.ts";
import { clean } from "../../shared/text.ts";
import { hideSecretsInLines } from "../security/hide-secrets.ts";
import { secretValues } from "../security/secret-values.ts";
import { type DefinitionChange, hashOf, replaced, restored, writingsOf } from "./definition-change.ts";
import { editCompose, type ServiceEdit } from "./edit-compose.ts";
import { lineEdits } from "./line-diff.ts";
import { saidOf } from "./moved-secrets.ts";

/** A service to change, and the environment (`NAME=value`) that its container runs with, whose secrets no plan may keep. */
export interface WantedService {
  service: string;
  edit: ServiceEdit;
  env: readonly string[];
}

/** How a text comes to say what is wanted. Errors: not_found, unsupported. */
export type Redefine = (text: string, wanted: readonly WantedService[]) => string;

export const editServices: Redefine = (text, wanted) =>
  wanted.reduce((now, { service, edit }) => editCompose(now, service, edit).text, text);

/**
 * Changes several services of one file. No edits where all of it says so already. A value that moves into a file is not
 * kept: a mark stands in its place. Errors: as of `redefine`, and refused (a line that changes holds another secret).
 */
export function planDefinition(
  text: string,
  wanted: readonly WantedService[],
  redefine: Redefine = editServices,
): DefinitionChange {
  const after = redefine(text, wanted);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const differ = lineEdits(text.split(newline), after.split(newline));
  const gone = differ.flatMap(({ removed }) => removed);
  const found = gapsIn(gone, wanted);
  const unseen = moved(wanted).filter(({ file }) => !found.some((one) => one.file === file));
  const marks = new Map(found.map(({ written, mark }) => [written, mark]));
  const change: DefinitionChange = {
    newline,
    edits: differ.map((edit) => ({ ...edit, removed: edit.removed.map((line) => replaced(line, marks)) })),
    gaps: found.map(({ mark, file, writing }) => ({ mark, file, writing })),
    before_sha256: hashOf(text),
    after_sha256: hashOf(after),
  };
  const values = new Map(found.map(({ file, value }) => [file, value]));
  if (!unseen.every((one) => isOfOneLine(one, text, gone)) || holdsSecret(change, wanted)) throw unkeepable;
  if (restored(after, change, values) !== text) throw unkeepable;
  return change;
}

/** The moved values that stand in lines that go, and how they are written there. */
function gapsIn(lines: readonly string[], wanted: readonly WantedService[]) {
  return moved(wanted).flatMap(({ file, value }) => {
    const writing = writingsOf(value).findIndex((one) => one !== "" && lines.some((line) => line.includes(one)));
    const written = writingsOf(value)[writing];
    return written === undefined ? [] : [{ written, mark: markOf(file), file, value, writing }];
  });
}

const moved = (wanted: readonly WantedService[]) =>
  wanted.flatMap(({ service, edit, env }) =>
    (edit.secrets ?? []).map((secret) => {
      const { variable } = secret;
      const value = env.find((entry) => entry.startsWith(`${variable}=`))?.slice(variable.length + 1) ?? "";
      return { ...secret, service, value };
    }),
  );

/** Whether what the file says of a variable is nothing, or stands beside its name: a value of several lines is told by none of them. */
function isOfOneLine({ service, variable }: { service: string; variable: string }, text: string, lines: string[]) {
  const said = saidOf(text, service, variable);
  return said === null || lines.some((line) => line.includes(variable) && line.includes(said));
}

const markOf = (file: string) => `[now in ${file}]`;

/** Whether a line that differs holds one: a plan keeps it, and shows it. Names of variables (`${NAME}`) are none. */
function holdsSecret({ edits }: DefinitionChange, wanted: readonly WantedService[]): boolean {
  const secrets = moved(wanted);
  const harmless = new Map(
    secrets
      .flatMap(({ file, name }) => [markOf(file), file, `/run/secrets/${name}`, `file:///run/secrets/${name}`])
      .map((ours) => [ours, hidden]),
  );
  const named = secrets.flatMap(({ name }) => [`- ${name}`, `- source: ${name}`, `${name}:`]);
  const lines = edits
    .flatMap(({ removed, added }) => [...removed, ...added])
    .filter((line) => !named.includes(line.trim()))
    .map((line) => replaced(clean(line), harmless).replaceAll(reference, hidden));
  const known = secretValues([...wanted.flatMap(({ env }) => env), ...secrets.map(({ value }) => `SECRET=${value}`)]);
  return hideSecretsInLines(lines, known).some((line, at) => line !== lines[at]);
}

/** What `hideSecretsInLines` leaves as it is. */
const hidden = "[hidden]";
const reference = /(?<!\$)\$(?:\w+|\{\w+(?::?\?[^}]*)?\})/g;

const unkeepable = new StewardError(
  "refused",
  "A line of its file that would change holds a secret, which no plan may keep.",
  "Move that secret into a file or a variable of its own first, or change the file by hand.",
);
