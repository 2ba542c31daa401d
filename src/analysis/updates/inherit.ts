import { isDeepStrictEqual } from "node:util";
import type { ContainerInspected, ImageInspected } from "../../systems/docker/shapes.ts";

type Config = ContainerInspected["Config"];
type ImageConfig = NonNullable<ImageInspected["Config"]>;
type Fields = Record<string, unknown>;

/**
 * What the owner said when the container was made, without what the engine filled in from the image: that part has to
 * follow the new image. The engine's own merge, read backwards (its rules: a value of the owner wins; environment by
 * variable, labels by key; ports and volumes add up; a Cmd is inherited only while no Entrypoint is given).
 * A value that the owner set to just what the image said cannot be told apart, and follows the image.
 */
export function ownersConfig(config: Config, image: ImageConfig): Fields {
  const own: Fields = { ...config };
  // Of the container or of the build, not of its making.
  for (const field of ["Image", "Hostname", "OnBuild", "ArgsEscaped"]) delete own[field];
  for (const field of ["User", "WorkingDir", "StopSignal"] as const)
    if (config[field] === "" || config[field] === image[field]) delete own[field];

  put(own, "Env", ownersEnv(config, image));
  put(
    own,
    "Labels",
    without(config.Labels, (key, value) => image.Labels?.[key] === value),
  );
  put(
    own,
    "ExposedPorts",
    without(config.ExposedPorts, (key) => image.ExposedPorts?.[key] !== undefined),
  );
  put(
    own,
    "Volumes",
    without(config.Volumes, (key) => image.Volumes?.[key] !== undefined),
  );
  put(
    own,
    "Healthcheck",
    without(config.Healthcheck, (key, value) => isDeepStrictEqual(value, image.Healthcheck?.[key])),
  );
  return { ...own, ...command(config, image) };
}

/** "NAME=value" of each variable that the owner set, and not the image. */
export const ownersEnv = ({ Env }: Config, image: ImageConfig): string[] =>
  (Env ?? []).filter((entry) => !(image.Env ?? []).includes(entry));

/** The same, without some variables and with others: what a container gets that is made again with a change. */
export function changedEnv(
  env: readonly string[],
  without: readonly string[],
  more: Readonly<Record<string, string>>,
): string[] {
  const gone = [...without, ...Object.keys(more)];
  const kept = env.filter((entry) => !gone.some((name) => entry === name || entry.startsWith(`${name}=`)));
  return [...kept, ...Object.entries(more).map(([name, value]) => `${name}=${value}`)];
}

/** Entrypoint and Cmd: an entry that is absent is inherited, so each is said or left out with care. */
function command(config: Config, image: ImageConfig): Fields {
  const entrypoint = config.Entrypoint ?? [];
  const cmd = config.Cmd ?? [];
  const imageCmd = image.Cmd ?? [];
  // The image has a command and the container none: only an Entrypoint of the owner does that.
  const ownEntrypoint =
    !isDeepStrictEqual(entrypoint, image.Entrypoint ?? []) || (cmd.length === 0 && imageCmd.length > 0);
  if (!ownEntrypoint) return { Entrypoint: undefined, Cmd: isDeepStrictEqual(cmd, imageCmd) ? undefined : config.Cmd };
  // An empty list would be filled from the image; one empty word is how the engine is told "none".
  return { Entrypoint: entrypoint.length === 0 ? [""] : entrypoint, Cmd: cmd.length === 0 ? undefined : cmd };
}

function without(from: Fields | null | undefined, inherited: (key: string, value: unknown) => boolean): Fields {
  return Object.fromEntries(Object.entries(from ?? {}).filter(([key, value]) => !inherited(key, value)));
}

function put(own: Fields, field: string, value: Fields | string[]): void {
  if (Object.keys(value).length > 0) own[field] = value;
  else delete own[field];
}
