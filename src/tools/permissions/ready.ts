import type { TreePlan } from "../../analysis/permissions/trees/plan.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Files } from "../../systems/files/port.ts";

/**
 * Makes sure that nothing hangs inside of a tree, and that no link is on the way to it. Errors: timeout, not_found, refused.
 */
export async function ready(files: Files, plan: TreePlan, signal: AbortSignal): Promise<void> {
  if ((await silentMounts(files, plan, signal)).length > 0) throw doesNotAnswer();
  await noLinks(files, plan.path, signal);
}

/** The network mounts in a tree, or that it lies on, that give no answer. */
export async function silentMounts(files: Files, { ask_first }: TreePlan, signal: AbortSignal): Promise<string[]> {
  const silent: string[] = [];
  for (const mount of ask_first) if (!files.takes(mount) || !(await files.answers(mount, signal))) silent.push(mount);
  return silent;
}

export const doesNotAnswer = () =>
  new StewardError("timeout", "A network mount in it does not answer.", "Unmount it, or mend its other end.");

/** What is walked has to be what is named. Errors: not_found, refused. */
export async function noLinks(files: Files, path: string, signal: AbortSignal): Promise<void> {
  const real = await files.realPath(path, signal);
  if (real === null) throw new StewardError("not_found", "There is nothing at this path.", "Look at the mount.");
  if (real !== path)
    throw new StewardError(
      "refused",
      "Its path leads over a symbolic link.",
      "Mount the folder that the link leads to.",
    );
}
