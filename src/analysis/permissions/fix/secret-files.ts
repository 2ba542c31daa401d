import type { SecretReader } from "../../../systems/secret-files/port.ts";
import { nameOf } from "../../updates/dependants.ts";
import { secretVariables, shownName } from "../checks/secrets.ts";
import type { Subject } from "../finding.ts";
import { below, samePath, within } from "../paths.ts";
import { type FileReader, fileReaderOf } from "./file-readers.ts";
import type { MovedSecret, NewUser } from "./rework.ts";

/** A secret that can move, and who has to be able to read its file. */
export interface MovableSecret extends MovedSecret {
  reader: SecretReader;
}

/** Which of a container's secrets can move into files, and why the others can't, in our own words. */
export interface Movable {
  moved: MovableSecret[];
  left: string[];
}

/**
 * Works it out for the secrets that the container itself was given. `folder`: where files of secrets lie on its machine;
 * `user`: whom it becomes by the same plan. Values are looked at and never told.
 */
export function movable({ container, image, process_uids }: Subject, user: NewUser | null, folder: string): Movable {
  const { Config } = container;
  const reader = fileReaderOf(Config.Image);
  const against = reader === null ? "its image is not known to read any file" : unable({ container, image });
  if (reader === null || against !== null) return { moved: [], left: [`${against}`] };
  const starts = startsAs(Config.User ?? "", process_uids, user);
  if (starts === null) return { moved: [], left: ["it is not known as whom it starts, so not who may read the file"] };

  const moved: MovableSecret[] = [];
  const left: string[] = [];
  for (const variable of secretVariables({ container, image })) {
    const reads = reader.names(variable);
    const why =
      reads === null ? "its image reads it from the environment only" : stays({ container, image }, variable, reads);
    if (reads === null || why !== null) {
      left.push(`${shownName(variable)} stays: ${why}`);
      continue;
    }
    const name = `${nameOf(container)}.${variable}`;
    moved.push({
      variable,
      reads,
      file: `${folder}/${name}`,
      target: `/run/secrets/${name}`,
      reader: readerOf(reader, starts),
    });
  }
  return { moved, left };
}

/**
 * Containers that could reach all secrets at once: `open` ones have the folder itself mounted, or one above or inside it
 * that they may write to; `readable` ones have one above it mounted read-only.
 */
export function havingFolder(folder: string, subjects: readonly Subject[]): { open: string[]; readable: string[] } {
  const names = (wanted: (mount: Subject["container"]["Mounts"][number], source: string) => boolean) =>
    subjects
      .filter(({ container }) =>
        container.Mounts.some((mount) => mount.Source !== undefined && wanted(mount, mount.Source)),
      )
      .map(({ container }) => nameOf(container));
  const concerns = (source: string) => within(folder, source) || within(source, folder);
  const open = names(({ RW }, source) => concerns(source) && (RW || samePath(source, folder)));
  const readable = names(({ RW }, source) => !RW && below(folder, source));
  return { open, readable: readable.filter((name) => !open.includes(name)) };
}

/** Why none of its variables can move. */
function unable({ container, image }: Pick<Subject, "container" | "image">): string | null {
  if (image === undefined) return "its image is gone, so how it starts is not known";
  const same = JSON.stringify(container.Config.Entrypoint ?? []) === JSON.stringify(image.Config?.Entrypoint ?? []);
  return same ? null : "it starts by another entrypoint than its image's, which may read no file";
}

/** Why this one can't move although its image would read it from a file. */
function stays(
  { container, image }: Pick<Subject, "container" | "image">,
  variable: string,
  reads: string,
): string | null {
  const { Env, Cmd, Entrypoint, Healthcheck } = container.Config;
  const given = (env: readonly string[] | null | undefined, name: string) =>
    env?.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(variable)) return "it has no proper name";
  if (reads !== variable && given(Env, reads) !== undefined) return `${reads} is set, too`;
  if (given(image?.Config?.Env, variable) !== undefined) return "its image sets it, too, and would again";
  // Shells and programs take the last line break of a file away.
  if (/[\r\n\0]|^\s|\s$/.test(given(Env, variable) ?? ""))
    return "its value has line breaks or blanks that a file would lose";
  const words = [...(Cmd ?? []), ...(Entrypoint ?? []), ...(Healthcheck?.Test ?? [])].join(" ");
  return new RegExp(`\\b${variable}\\b`).test(words) ? "its command or its health check uses it" : null;
}

/** The host uid that its entrypoint starts as; null where only a name is known. */
function startsAs(configured: string, process_uids: readonly number[] | null, user: NewUser | null): number | null {
  if (user !== null) return user.variables === null ? user.uid : 0;
  const [name = ""] = configured.split(":", 1);
  if (name === "" || name === "root") return 0;
  if (/^\d{1,10}$/.test(name)) return Number(name);
  const [first, ...others] = new Set(process_uids ?? []);
  return first !== undefined && others.length === 0 ? first : null;
}

/** Root reads it as root without any capability: so where it becomes somebody else, root's group may read it, too. */
function readerOf({ becomes, alpine }: FileReader & { alpine: boolean }, starts: number): SecretReader {
  if (starts !== 0 || becomes === null) return { uid: starts, root_group: false };
  return { uid: alpine ? becomes.on_alpine : becomes.uid, root_group: true };
}
