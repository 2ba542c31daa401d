import { z } from "zod";
import type { MovableSecret } from "../../../../analysis/permissions/fix/secret-files.ts";
import type { Standing, Unit } from "../../../../confirm/define.ts";
import { Untouched } from "../../../../shared/errors.ts";
import type { JsonObject } from "../../../../shared/json.ts";
import { type Systems, step } from "../../../define.ts";
import { inspected } from "../../../docker/find.ts";

const secretArgs = z.object({
  host: z.string(),
  container: z.string(),
  variable: z.string(),
  file: z.string(),
  uid: z.int(),
  root_group: z.boolean(),
});

/** The value as the container has it; undefined where it has none. No plan keeps it, so it is read when it is needed. */
async function valueIn(
  { host, container, variable }: z.output<typeof secretArgs>,
  systems: Systems,
): Promise<string | undefined> {
  const found = await inspected(systems.docker.one(host).system, container);
  return found?.Config.Env?.find((entry) => entry.startsWith(`${variable}=`))?.slice(variable.length + 1);
}

/**
 * Writes the value of a container's variable into a file. Undone once the container has the variable again, it removes the
 * file where that holds the same: what may be the only copy of a secret is never removed.
 */
export const writeSecret = step({
  args: secretArgs,
  async does(args, { changes, systems }) {
    const value = await valueIn(args, systems);
    if (value === undefined)
      throw new Untouched("conflict", `${args.container} has no variable ${args.variable} any more.`, "Plan it again.");
    const { file, uid, root_group } = args;
    await changes.secretFiles.one(args.host).system.write(file, { uid, root_group }, value);
    return {};
  },
  async undoes(args, _outcome, { changes, systems }) {
    const value = await valueIn(args, systems);
    await changes.secretFiles.one(args.host).system.remove(args.file, value ?? "");
  },
});

export const secretStep = (
  host: string,
  container: string,
  { variable, file, reader }: MovableSecret,
): Unit["steps"][number] => ({
  step: "write_secret",
  args: { host, container, variable, file, ...reader },
  does: `Write the value of ${variable} of ${container} into ${file}, which uid ${reader.uid} alone may read`,
  undo: "Remove that file again",
});

/** Told by the file's owner and mode: what it holds is not read. */
export async function secretStands(args: JsonObject, systems: Systems): Promise<Standing["is"]> {
  const { host, file, uid, root_group } = secretArgs.parse(args);
  const standing = await systems.secretFiles.one(host).system.look(file);
  if (standing.is === "missing") return "before";
  return standing.uid === uid && standing.root_group === root_group ? "after" : "neither";
}
